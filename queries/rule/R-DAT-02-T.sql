-- purpose: Missing data: a ticket whose receipt and dispatch have not come 72 hours after its first fact.
-- grain: one row per ticket that was, or will be, an orphan for too long
-- include: ticket_subjects
-- param: hold_hours UInt16 = hours from the arrival of the first fact
-- source: domain guide 6.2, R-DAT-02 (its half about tickets); 3 "Dirty events as 2.6"
-- Decisions: as in R-DAT-02. The beginning of a ticket is its receipt, its dispatch or
-- the answer on the call: each of them says what it is about or who has it.
WITH
arrayMin(f_first_received_at) AS first_arrival,
arrayFilter((at, t) -> t IN ('t_receive', 't_dispatch', 't_answer_direct'), f_first_received_at, f_type) AS beginnings,
addHours(first_arrival, {hold_hours:UInt16}) AS due
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, if(org_of_ticket = '', f_org[1], org_of_ticket) AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(due, 1), 'yellow')] AS steps, CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('first_arrival', toString(first_arrival), 'beginning_arrival', if(empty(beginnings), '', toString(arrayMin(beginnings))), 'facts', toString(length(f_type))) AS evidence
FROM (SELECT *, toString(org_code) AS org_of_ticket FROM ({{ticket_subjects}}))
WHERE notEmpty(f_type) AND h_excluded[-1] != 'secret' AND (empty(beginnings) OR arrayMin(beginnings) > due)
