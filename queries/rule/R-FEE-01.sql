-- purpose: Unlisted fee: a fee on an item that is free, or under a code that the catalogue does not list.
-- grain: one row per case
-- include: said, case_subjects, case_items
-- source: domain guide 6.2, R-FEE-01
-- Decisions: judged where the catalogue says is_fee: false (any amount), or gives a
-- list of fees that lacks the code of the notice or payment. A notice of nothing
-- (amount 0) is no fee; one without code is judged by is_fee alone. A payment counts
-- without a notice too: the fee was taken. One alert per case from the first such
-- fact on; excluded cases count, the fee was asked for.
WITH
{{said}},
arrayFilter(j -> f_type[j] IN ('fee_notice', 'fee_paid') AND (NOT says(f_payload[j], 'amount') OR JSONExtractFloat(f_payload[j], 'amount') > 0)
    AND (says_no(i_payload, 'is_fee')
        OR (JSONType(i_payload, 'fees') = 'Object' AND JSONExtractString(f_payload[j], 'fee_code') != '' AND NOT JSONHas(i_payload, 'fees', JSONExtractString(f_payload[j], 'fee_code')))),
    arrayEnumerate(f_type)) AS unlisted
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, f_staff[unlisted[1]] AS staff_id,
    [(f_at[unlisted[1]], 'red')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('fee_codes', arrayStringConcat(arrayDistinct(arrayMap(j -> JSONExtractString(f_payload[j], 'fee_code'), unlisted)), ' '),
        'amount', JSONExtractRaw(f_payload[unlisted[1]], 'amount'), 'event', f_event_id[unlisted[1]], 'task_version', task_version) AS evidence
FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND hasAny(f_type, ['fee_notice', 'fee_paid'])) AS s
INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
WHERE notEmpty(unlisted)
