-- purpose: Fully online cases (全流程网办率).
-- grain: one row per group
-- column: numerator UInt64 = finished cases applied for online, without a visit, delivered online or by post
-- column: denominator UInt64 = cases finished in the period
-- source: domain guide 5.4, C08
-- dims: case
-- include: rows_full_online, ratio
WITH figure_rows AS
(
{{rows_full_online}}
)
{{ratio}}
