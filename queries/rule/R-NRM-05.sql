-- purpose: Online/offline mismatch: limits, materials or fees of the case differ from those of the catalogue.
-- grain: one row per case
-- include: case_subjects, case_items
-- source: domain guide 6.2, R-NRM-05
-- Decisions: the snapshot that the acceptance carries is compared with the item
-- version in force at acceptance. Limits differ when number or unit do (no unit =
-- W); what either side does not give is not compared. Of materials only a code
-- that the catalogue lacks differs: fewer were perhaps not needed. A fee differs
-- when it is lower than the standard less the reduction; a higher or unlisted one
-- is R-FEE-02 or R-FEE-01. Excluded cases count. Items that are not known say
-- nothing. The step is at the first fact that differs.
WITH
arrayFirstIndex(t -> t = 'accept', f_type) AS a,
if(a = 0, '', f_payload[a]) AS snapshot,
u -> if(u = '', 'W', u) AS unit,
JSONType(snapshot, 'promise_days') IN ('Int64', 'UInt64') AND isNotNull(i_promise_days)
    AND (JSONExtractInt(snapshot, 'promise_days') != i_promise_days OR unit(JSONExtractString(snapshot, 'promise_unit')) != unit(i_promise_unit)) AS promise_differs,
JSONType(snapshot, 'legal_days') IN ('Int64', 'UInt64') AND isNotNull(i_legal_days)
    AND (JSONExtractInt(snapshot, 'legal_days') != i_legal_days OR unit(JSONExtractString(snapshot, 'legal_unit')) != unit(i_legal_unit)) AS legal_differs,
if(JSONType(i_payload, 'materials') = 'Array', arrayFilter(m -> NOT has(JSONExtract(i_payload, 'materials', 'Array(String)'), m), JSONExtract(snapshot, 'materials', 'Array(String)')), []) AS more_materials,
(p, k) -> toInt64(round(least(greatest(JSONExtractFloat(p, k), -1e13), 1e13) * 100)) AS cents,
arrayFilter(j -> f_type[j] = 'fee_notice' AND JSONType(f_payload[j], 'amount') IN ('Int64', 'UInt64', 'Double') AND JSONHas(i_payload, 'fees', JSONExtractString(f_payload[j], 'fee_code'))
    AND cents(f_payload[j], 'amount') < toInt64(round(least(greatest(JSONExtractFloat(i_payload, 'fees', JSONExtractString(f_payload[j], 'fee_code')), -1e13), 1e13) * 100)) - cents(f_payload[j], 'reduction'), arrayEnumerate(f_type)) AS lower_fees,
arrayFilter(x -> x != '', [if(promise_differs, 'promise_days', ''), if(legal_differs, 'legal_days', ''), if(notEmpty(more_materials), 'materials', ''), if(notEmpty(lower_fees), 'fees', '')]) AS differences
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(if(promise_differs OR legal_differs OR notEmpty(more_materials), f_at[a], f_at[lower_fees[1]]), 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('differences', arrayStringConcat(differences, ' '), 'task_version', task_version, 'more_materials', arrayStringConcat(more_materials, ' '),
        'promise_days', concat(toString(JSONExtractInt(snapshot, 'promise_days')), ' / ', ifNull(toString(i_promise_days), '-')),
        'legal_days', concat(toString(JSONExtractInt(snapshot, 'legal_days')), ' / ', ifNull(toString(i_legal_days), '-'))) AS evidence
FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND hasAny(f_type, ['accept', 'fee_notice'])) AS s
INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
WHERE notEmpty(differences)
