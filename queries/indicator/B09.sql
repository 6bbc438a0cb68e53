-- purpose: Materials asked for although held (材料重复提交率).
-- grain: one row per group
-- column: numerator UInt64 = materials handed in although they were to be had by sharing
-- column: denominator UInt64 = materials that applicants handed in
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.3, B09
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, ratio
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, JSONExtractBool(material, 'available_shared') AS in_numerator, true AS in_denominator, material_at AS bucket_at
FROM
(
    SELECT *, material, material_at, JSONExtractString(material, 'source') AS material_source
    FROM ({{cases_as_of}})
    ARRAY JOIN f_payload AS material, f_at AS material_at, f_type AS fact
    WHERE fact = 'material' AND material_at >= {from:DateTime64(3,'UTC')} AND material_at < {{instant_until}} AND excluded != 'incomplete'
)
WHERE material_source IN ('upload', 'paper')
)
{{ratio}}
