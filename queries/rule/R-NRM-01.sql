-- purpose: Guide incomplete: the guide of an item that has been in force for more than five working days lacks required fields.
-- grain: one row per version of an item whose guide was incomplete
-- include: workdays, rule_steps, steps, item_history
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: grace_days UInt16 = working days after the first day of force
-- param: required Array(String) = fields that a guide must have
-- source: domain guide 6.2, R-NRM-01; 5.2, A10
-- Decisions: only where the catalogue says something about the guide; a field that
-- is false or absent is missing. The step is at the end of the grace, counted from
-- the first day of force, also when we heard of the item later: the public saw the
-- guide all the time. Later facts about the version count from their arrival. It is
-- over with the version's force. The name is in evidence as codes only.
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
arrayFilter(x -> JSONType(x.2, 'guide') = 'Object', states) AS told,
arrayMap(x -> arrayFilter(f -> NOT JSONExtractBool(x.2, 'guide', f), {required:Array(String)}), told) AS missing,
surely(local_day(force_from), add_wd(local_day(force_from), {grace_days:UInt16}), addMilliseconds(day_end(add_wd(local_day(force_from), {grace_days:UInt16})), 1)) AS raise_at,
arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, tidy_steps(arrayFilter(s -> s.1 <= force_until, arrayConcat(
    if(empty(missing), [], [(raise_at, if(notEmpty(missing[arrayLastIndex((x, i) -> i = 1 OR x.1 <= raise_at, told, arrayEnumerate(told))]), 'notice', ''))]),
    arrayFilter(s -> s.1 > raise_at, arrayMap((x, m, i) -> (if(i = 1, raise_at, x.1), if(notEmpty(m), 'notice', '')), told, missing, arrayEnumerate(told))),
    [(force_until, '')])))) AS steps
SELECT
    source_sys, task_code AS subject_no, task_version AS clock_no, org_code, region_code, task_code, '' AS window_id, '' AS staff_id,
    steps, NULL AS due_at,
    map('missing', arrayStringConcat(arrayLast(m -> notEmpty(m), missing), ' '), 'in_force_since', toString(local_day(force_from)), 'version', task_version) AS evidence
FROM ({{item_history}})
WHERE notEmpty(told) AND notEmpty(steps) AND force_until > {from:DateTime64(3,'UTC')} - INTERVAL 31 DAY AND raise_at < force_until
