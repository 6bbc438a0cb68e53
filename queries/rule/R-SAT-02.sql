-- purpose: Bad rating not rectified in time: the rectification is past its due, or five working days past it.
-- grain: one row per round of a bad-rating order that was late
-- include: workdays, rule_steps, steps, work_terms, work_pieces, ratings_gone, said_of_orders
-- param: until DateTime64(3,'UTC') = end of the hour
-- param: red_days UInt16 = red so many working days after the due day
-- source: domain guide 6.2, R-SAT-02; 4, state rectifying
-- Decisions: the clock runs while the order is valid, rectifying or rejected; a
-- rectification or an explanation stops it. Limit and extension are those of the
-- machine (five working days, ten more for complex ones). A rejection begins a new
-- round with the same limit, which is an alert of its own; the first one is round 1.
-- Only steps that were reached by the end of the hour are said.
-- An order whose rating counts no more (taken out, replaced, revised), or of which is
-- known by now that the round was in time, says that nothing holds, which takes back
-- what was said before.
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
{{work_terms}},
arrayFilter(p -> p.5 = segment AND p.3 IN ('valid', 'rectifying', 'rejected') AND p.4 > epoch, pieces) AS active,
id IN ({{ratings_gone}}) AS taken_back
SELECT
    '' AS source_sys, id AS subject_no, concat('round/', toString(segment + 1)) AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, rising_steps(arrayConcat(
        arrayFilter((s, p) -> s.1 <= p.2, arrayMap(p -> (greatest(addMilliseconds(surely(local_day(active[1].1), local_day(p.4), p.4), 1), p.1), 'yellow'), active), active),
        arrayFilter((s, p) -> s.1 <= p.2, arrayMap(p -> (greatest(addMilliseconds(surely(local_day(active[1].1), add_wd(local_day(p.4), {red_days:UInt16}), day_end(add_wd(local_day(p.4), {red_days:UInt16}))), 1), p.1), 'red'), active), active)))) AS reached_steps,
    if(taken_back OR empty(reached_steps), [(active[1].1, '')], reached_steps) AS steps,
    CAST(active[-1].4, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('round', toString(segment + 1), 'round_began_at', toString(active[1].1)) AS evidence
FROM ({{work_pieces}})
ARRAY JOIN arrayDistinct(segments) AS segment
WHERE kind = 'rating' AND notEmpty(active) AND (taken_back OR notEmpty(reached_steps) OR ('R-SAT-02', id, clock_no) IN ({{said_of_orders}}))
