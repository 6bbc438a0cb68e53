-- purpose: Order due or over: a supervision order nears its due, passes it, is more than three working days past it.
-- grain: one row per order, and per reopening, that came into its last working day
-- include: workdays, rule_steps, steps, work_terms, work_pieces, said_of_orders
-- param: until DateTime64(3,'UTC') = end of the hour
-- param: warn_days UInt16 = warning from the start of the working day that lies this many working days before the due day
-- param: red_days UInt16 = red when more working days than this have passed since the due day
-- source: domain guide 6.2, R-ORD-01; 6.3
-- Decisions: the clock runs while the order is issued, signed, in progress or
-- returned; a reply stops it, one in time that is sent back lets it run on with the
-- time that was left.
-- Each piece of the history has the due that was in force in it, so an extension
-- takes the warning back from then on and not in hindsight. A reply ends a warning;
-- cards stay. The lead organisation answers. Only steps that were reached by the end
-- of the hour are said: the next hour may know of a reply.
-- What was said before and turns out not to hold is taken back (said_of_orders).
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
{{work_terms}},
arrayFilter(p -> p.5 = segment, pieces) AS mine,
arrayFilter(p -> p.3 IN ('issued', 'signed', 'in_progress', 'returned') AND p.4 > epoch, mine) AS active,
arrayConcat(
    arrayMap(p -> (p.1, ''), mine),
    arrayFilter((s, p) -> s.1 < p.2 AND published(wd_before(local_day(p.4), {warn_days:UInt16}), local_day(p.4)), arrayMap(p -> (greatest(day_start(wd_before(local_day(p.4), {warn_days:UInt16})), p.1), 'warning'), active), active)) AS early,
arrayConcat(
    arrayFilter((s, p) -> s.1 <= p.2, arrayMap(p -> (greatest(addMilliseconds(p.4, 1), p.1), 'yellow'), active), active),
    arrayFilter((s, p) -> s.1 <= p.2, arrayMap(p -> (greatest(surely(local_day(p.4), add_wd(local_day(p.4), {red_days:UInt16} + 1), day_start(add_wd(local_day(p.4), {red_days:UInt16} + 1))), p.1), 'red'), active), active)) AS late
SELECT
    '' AS source_sys, id AS subject_no, if(segment = 0, '', concat('reopened/', toString(segment))) AS clock_no, org_code, region_code,
    '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, arrayConcat(
        tidy_steps(arrayFilter(s -> NOT arrayExists(v -> v.1 <= s.1, late), early)), rising_steps(late))) AS reached_steps,
    if(empty(reached_steps), [(mine[1].1, '')], reached_steps) AS steps,
    CAST(if(mine[-1].4 > epoch, mine[-1].4, NULL), 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('level', level, 'origin', origin, 'co_organisations', arrayStringConcat(co_orgs, ' ')) AS evidence
FROM ({{work_pieces}})
ARRAY JOIN arrayDistinct(segments) AS segment
WHERE kind = 'order' AND (notEmpty(reached_steps) OR ('R-ORD-01', id, clock_no) IN ({{said_of_orders}}))
