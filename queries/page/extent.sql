-- purpose: Find the last fact in a scope, so that a page without a period opens where the data are.
-- grain: one row
-- param: as_of DateTime64(3,'UTC') = facts after it do not count
-- param: source String ? = source system; empty means all
-- param: region String ? = region with all below it; empty means all
-- param: org String ? = organisation; empty means all
-- column: first_at Nullable(DateTime64(3,'UTC')) = earliest fact of a subject in scope; null = the scope is empty
-- column: last_at Nullable(DateTime64(3,'UTC')) = latest fact by as_of
-- source: design section 6
SELECT
    minOrNull(subjects.first_at) AS first_at,
    maxOrNull(least(subjects.last_at, {as_of:DateTime64(3,'UTC')})) AS last_at
FROM
(
    SELECT source_sys, region_code, org_code, first_at, last_at FROM cases FINAL
    UNION ALL
    SELECT source_sys, region_code, org_code, first_at, last_at FROM tickets FINAL
) AS subjects
WHERE subjects.first_at <= {as_of:DateTime64(3,'UTC')}
    AND ({source:String} = '' OR source_sys = {source:String})
    AND ({org:String} = '' OR org_code = {org:String})
    AND ({region:String} = '' OR region_code = {region:String}
        OR region_code IN (SELECT region_code FROM regions WHERE has(path, {region:String})))
