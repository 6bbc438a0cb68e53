-- purpose: Fee over standard: a fee higher than the standard of the catalogue less the reduction that was due.
-- grain: one row per case
-- include: case_subjects, case_items
-- source: domain guide 6.2, R-FEE-02
-- Decisions: each notice and payment is judged by itself, in hundredths of the currency; the
-- code must be in the list of the item version in force at acceptance (else
-- R-FEE-01), with a number: a standard that is null is none. An ignored reduction is an amount over standard less reduction. One
-- alert per case from the first such fact on; excluded cases count.
WITH
(p, k) -> toInt64(round(least(greatest(JSONExtractFloat(p, k), -1e13), 1e13) * 100)) AS cents,
p -> toInt64(round(least(greatest(JSONExtractFloat(i_payload, 'fees', JSONExtractString(p, 'fee_code')), -1e13), 1e13) * 100)) AS standard,
arrayFilter(j -> f_type[j] IN ('fee_notice', 'fee_paid') AND JSONExtractString(f_payload[j], 'fee_code') != '' AND JSONType(i_payload, 'fees', JSONExtractString(f_payload[j], 'fee_code')) IN ('Int64', 'UInt64', 'Double')
    AND cents(f_payload[j], 'amount') > standard(f_payload[j]) - cents(f_payload[j], 'reduction'), arrayEnumerate(f_type)) AS over
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, f_staff[over[1]] AS staff_id,
    [(f_at[over[1]], 'red')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('fee_code', JSONExtractString(f_payload[over[1]], 'fee_code'), 'amount', JSONExtractRaw(f_payload[over[1]], 'amount'),
        'standard', toString(standard(f_payload[over[1]]) / 100), 'reduction', toString(cents(f_payload[over[1]], 'reduction') / 100),
        'event', f_event_id[over[1]], 'task_version', task_version) AS evidence
FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND hasAny(f_type, ['fee_notice', 'fee_paid'])) AS s
INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
WHERE notEmpty(over)
