-- purpose: Complaint to the supervisor late: no decision on acceptance within five working days, or not handled within fifteen.
-- grain: one row per clock (decide, handle) of a complaint that is, or will be, late
-- include: workdays, rule_steps, said, ticket_subjects
-- param: decide_days UInt16 = working days from the receipt to the decision on acceptance
-- param: handle_days UInt16 = working days from the receipt to the answer
-- source: domain guide 6.2, R-ORD-03
-- Decisions: both clocks run from the receipt of a ticket that says to_supervisor,
-- to the end of the day. accepted_by_supervisor, true or false, is the decision; a
-- reply or a close is one too, and ends the handling; so does a refusal. The first
-- one counts, also when the ticket is taken up again later. Invalid and merged tickets
-- are left out.
WITH
{{workdays}},
{{rule_steps}},
{{said}},
arrayFirstIndex(p -> JSONExtractBool(p, 'to_supervisor'), f_payload) AS r,
f_at[r] AS received,
arrayFirst(at -> at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), arrayConcat(
    arrayFilter((at, p) -> says(p, 'accepted_by_supervisor') AND at >= received, f_at, f_payload), [toDateTime64('2299-12-31 00:00:00', 3, 'UTC')])) AS decision,
arrayFirst(at -> at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), arrayConcat(
    arrayFilter((at, p) -> says_no(p, 'accepted_by_supervisor') AND at >= received, f_at, f_payload), [toDateTime64('2299-12-31 00:00:00', 3, 'UTC')])) AS refusal,
arrayFirst(at -> at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), arrayConcat(
    arrayFilter((at, k, legal) -> k IN ('t_reply', 't_close', 't_answer_direct') AND legal AND at >= received, f_at, f_type, f_legal), [toDateTime64('2299-12-31 00:00:00', 3, 'UTC')])) AS answered,
day_end(add_wd(local_day(received), {decide_days:UInt16})) AS decide_due,
day_end(add_wd(local_day(received), {handle_days:UInt16})) AS handle_due,
surely(local_day(received), local_day(c.2), c.2) AS sure_due
SELECT
    source_sys, ticket_no AS subject_no, c.1 AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(sure_due, 1), 'yellow')] AS steps, CAST(c.2, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('received_at', toString(received), 'done_at', if(c.3 < toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), toString(c.3), '')) AS evidence
FROM ({{ticket_subjects}})
ARRAY JOIN [('decide', decide_due, least(decision, answered)), ('handle', handle_due, least(refusal, answered))] AS c
WHERE r > 0 AND c.3 > sure_due AND sure_due < forever AND h_excluded[-1] NOT IN ('invalid', 'merged')
