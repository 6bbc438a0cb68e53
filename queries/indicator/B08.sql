-- purpose: Materials that need not be handed in (材料免提交率).
-- grain: one row per group
-- column: numerator UInt64 = materials taken from licences or sharing
-- column: denominator UInt64 = materials of the period whose source is known
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.3, B08
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, ratio
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, material_source IN ('elicense', 'shared') AS in_numerator, true AS in_denominator, material_at AS bucket_at
FROM
(
    SELECT *, material, material_at, JSONExtractString(material, 'source') AS material_source
    FROM ({{cases_as_of}})
    ARRAY JOIN f_payload AS material, f_at AS material_at, f_type AS fact
    WHERE fact = 'material' AND material_at >= {from:DateTime64(3,'UTC')} AND material_at < {{instant_until}} AND excluded != 'incomplete'
)
WHERE material_source != ''
)
{{ratio}}
