-- purpose: Offline items with a confirmed reason (未上线原因登记率).
-- grain: one row per group
-- column: numerator UInt64 = offline items with a confirmed reason
-- column: denominator UInt64 = items with an online depth below 2
-- source: domain guide 5.2, A13
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
WITH figure_rows AS
(
SELECT *, JSONExtractString(payload, 'offline_reason') != '' AND JSONExtractBool(payload, 'offline_reason_confirmed') AS in_numerator, true AS in_denominator
FROM ({{items_in_force}})
WHERE online_depth < 2
)
{{ratio}}
