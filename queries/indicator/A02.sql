-- purpose: Suitable items that are online (应上尽上率).
-- grain: one row per group
-- column: numerator UInt64 = items with an online depth of 2 or more
-- column: denominator UInt64 = items in force without those that are unsuitable for a confirmed reason
-- source: domain guide 5.2, A02
-- dims: item
-- evidence: list_items
-- include: items_in_force, known_ratio
-- Unsuitable counts only with a confirmed reason (online_unsuitable, offline_reason, offline_reason_confirmed).
WITH figure_rows AS
(
SELECT *, ifNull(online_depth >= 2, false) AS in_numerator, true AS in_denominator, isNotNull(online_depth) AS is_known
FROM ({{items_in_force}})
WHERE NOT (JSONExtractBool(payload, 'online_unsuitable') AND JSONExtractBool(payload, 'offline_reason_confirmed') AND JSONExtractString(payload, 'offline_reason') != '')
)
{{known_ratio}}
