-- purpose: The sub-cases of one joint case as they stood at an instant.
-- grain: one row per sub-case
-- param: source String = source system of both
-- param: case_no String = the parent
-- param: as_of DateTime64(3,'UTC') = sub-cases created later are left out
-- column: state String = case_state then
-- column: stop_at Nullable(DateTime64(3,'UTC')) = when its own clock stopped; null = it runs
-- column: pause_until Nullable(DateTime64(3,'UTC')) = suspended within the approved days until then
-- column: excluded String = why it does not count; empty = it does
-- source: domain guide 2.5
SELECT case_no, org_code, region_code, task_code, h_state[i] AS state, first_at AS created_at, h_accepted_at[i] AS accepted_at, h_promise_due[i] AS promise_due, h_stop_at[i] AS stop_at,
    h_pause_until[i] AS pause_until, h_excluded[i] AS excluded,
    arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
FROM cases FINAL
PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links WHERE source_sys = {source:String} AND parent_case_no = {case_no:String})
WHERE parent_case_no = {case_no:String} AND parent_case_no != case_no AND NOT is_test AND NOT secret AND i > 0
ORDER BY created_at, case_no
