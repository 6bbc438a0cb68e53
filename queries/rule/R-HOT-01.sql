-- purpose: Unsigned ticket: not signed for within the limit of T3 (one working day, one hour when urgent).
-- grain: one row per run of T3 that was, or will be, passed unsigned
-- include: workdays, rule_steps, steps, ticket_subjects
-- source: domain guide 6.2, R-HOT-01; 3, T3
-- Decisions: whatever ends T3 (signing, return, another dispatch, the end of the
-- ticket) ends the warning, because nobody has to sign any more; the warning is
-- about the organisation that the ticket was sent to. A run that ended within its
-- limit says nothing. Tickets of a source with a process of its own have no T3.
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
if(urgent, assumeNotNull(due), surely(local_day(start_at), local_day(assumeNotNull(due)), assumeNotNull(due))) AS sure_due
SELECT
    source_sys, ticket_no AS subject_no, concat('T3/', toString(no)) AS clock_no,
    h_org[arrayLastIndex(x -> x <= start_at, h_at)] AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    if(isNull(stop_at), [(addMilliseconds(sure_due, 1), 'warning')],
        tidy_steps([(addMilliseconds(sure_due, 1), 'warning'), (assumeNotNull(stop_at), '')])) AS steps,
    due AS due_at,
    map('sent_at', toString(start_at), 'stopped_at', ifNull(toString(stop_at), ''), 'urgent', toString(urgent)) AS evidence
FROM ({{ticket_subjects}})
ARRAY JOIN k_clock AS clock, k_no AS no, k_start_at AS start_at, k_due_at AS due, k_stop_at AS stop_at
WHERE clock = 'T3' AND isNotNull(due) AND sure_due < forever AND (isNull(stop_at) OR stop_at > addMilliseconds(sure_due, 1)) AND notEmpty(steps)
