-- purpose: Missing data: a case whose application and acceptance have not come 72 hours after its first fact.
-- grain: one row per case that was, or will be, an orphan for too long
-- include: case_subjects
-- param: hold_hours UInt16 = hours from the arrival of the first fact
-- source: domain guide 6.2, R-DAT-02 (its half about cases; shares are R-DAT-02-S); 2.6 "Orphan"
-- Decisions: arrivals count, because the question is whether the missing fact still
-- comes. An application or acceptance that comes later leaves the card (the data were
-- missing); one that comes in time, also with an older legal moment, raises none. The
-- first arrival of a fact counts: a later revision of what was there is not missing.
WITH
arrayMin(f_first_received_at) AS first_arrival,
arrayFilter((at, t) -> t IN ('apply', 'accept'), f_first_received_at, f_type) AS beginnings,
addHours(first_arrival, {hold_hours:UInt16}) AS due
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(addMilliseconds(due, 1), 'yellow')] AS steps, CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('first_arrival', toString(first_arrival), 'beginning_arrival', if(empty(beginnings), '', toString(arrayMin(beginnings))), 'facts', toString(length(f_type))) AS evidence
FROM ({{case_subjects}})
WHERE notEmpty(f_type) AND (empty(beginnings) OR arrayMin(beginnings) > due)
