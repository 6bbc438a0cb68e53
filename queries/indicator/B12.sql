-- purpose: Messages put aside (数据异常率).
-- grain: one row per group
-- column: numerator UInt64 = messages that were put aside
-- column: denominator UInt64 = messages received in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.3, B12
-- dims: total
-- evidence: list_messages
-- include: instant_until, figure_scope, ratio
-- A message belongs to nobody: by source and time alone.
WITH figure_rows AS
(
SELECT *, outcome = 'rejected' AS in_numerator, true AS in_denominator, received_at AS bucket_at
FROM (SELECT topic, partition, `offset`, outcome, toString(source_sys) AS source_sys, '' AS org_code, '' AS region_code, received_at FROM deliveries FINAL)
WHERE topic != 'actions' AND received_at >= {from:DateTime64(3,'UTC')} AND received_at < {{instant_until}} AND {{figure_scope}}
)
{{ratio}}
