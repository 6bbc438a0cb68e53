-- purpose: The steps of one case with their duration and the wait before them.
-- grain: one row per run of a step
-- param: source String = source system
-- param: case_no String = case number
-- param: as_of DateTime64(3,'UTC') = steps that start later are left out
-- column: step String = code or name of the step
-- column: net_days Nullable(Float64) = working time in days of 24 hours; null while it runs
-- column: wait_hours Nullable(Float64) = hours since the end of the step before; null for the first
-- source: domain guide 5.5 D13-D14
SELECT step, org_code, start_at, end_at, net_days, wait_hours
FROM cases FINAL
ARRAY JOIN s_step AS step, s_org AS org_code, s_start_at AS start_at, s_end_at AS end_at, s_net_days AS net_days, s_wait_hours AS wait_hours
WHERE source_sys = {source:String} AND case_no = {case_no:String} AND start_at <= {as_of:DateTime64(3,'UTC')}
ORDER BY start_at, step
