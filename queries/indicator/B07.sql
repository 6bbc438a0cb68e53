-- purpose: Cases that use an e-licence (电子证照调用率).
-- grain: one row per group
-- column: numerator UInt64 = cases that used an e-licence
-- column: denominator UInt64 = cases applied for in the period that needed one
-- source: domain guide 5.3, B07
-- dims: case
-- evidence: list_cases
-- include: rows_applied, ratio
-- A case needs one when a material says so (available_shared) or came as one (elicense).
WITH figure_rows AS
(
WITH arrayFilter((p, t, at) -> t = 'material' AND at <= {as_of:DateTime64(3,'UTC')}, f_payload, f_type, f_at) AS materials
SELECT * REPLACE (arrayExists(p -> JSONExtractString(p, 'source') = 'elicense', materials) AS in_numerator)
FROM ({{rows_applied}})
WHERE excluded != 'incomplete' AND arrayExists(p -> JSONExtractString(p, 'source') = 'elicense' OR JSONExtractBool(p, 'available_shared'), materials)
)
{{ratio}}
