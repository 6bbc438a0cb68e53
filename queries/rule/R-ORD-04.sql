-- purpose: Exposure unanswered: no reply to a published exposure within five working days.
-- grain: one row per exposure that was not answered in time
-- include: workdays, rule_steps, steps, work_terms, work_pieces, said_of_orders
-- param: until DateTime64(3,'UTC') = end of the hour
-- param: reply_days UInt16 = working days from the publication
-- source: domain guide 6.2, R-ORD-04; 7.3
-- Decisions: from the first publication to the end of the fifth working day; a reply
-- stops it, and so does a takedown. The card stays on record. Only steps that were
-- reached by the end of the hour are said.
-- What was said before and turns out not to hold is taken back (said_of_orders).
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
{{work_terms}},
arrayFirst(p -> p.3 = 'published', pieces).1 AS shown_at,
arrayFirst(p -> p.1 >= shown_at AND p.3 IN ('replied', 'result_published', 'archived', 'taken_down', 'dropped'), arrayConcat(pieces, [(far, far, 'dropped', far, 0, '')])).1 AS answered,
day_end(add_wd(local_day(greatest(shown_at, day_start(wd_first))), {reply_days:UInt16})) AS due
SELECT
    '' AS source_sys, id AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [if(answered > due, (addMilliseconds(due, 1), 'yellow'), (shown_at, ''))] AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('published_at', toString(shown_at), 'answered_at', if(answered < far, toString(answered), '')) AS evidence
FROM ({{work_pieces}})
WHERE kind = 'exposure' AND shown_at > epoch AND due < {until:DateTime64(3,'UTC')} AND (answered > due OR ('R-ORD-04', id, '') IN ({{said_of_orders}})) AND published(local_day(greatest(shown_at, day_start(wd_first))), local_day(due))
