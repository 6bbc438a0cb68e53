-- purpose: Guides that are complete (办事指南完备率).
-- grain: one row per group
-- column: numerator Float64 = required fields that the guides fill
-- column: denominator Float64 = required fields, 13 of each item
-- source: domain guide 5.2, A10
-- dims: item
-- evidence: list_items
-- include: items_in_force, sums
-- Items of which the catalogue gives no guide are left out.
WITH figure_rows AS
(
WITH ['name', 'type', 'basis', 'agency', 'conditions', 'materials', 'process', 'fee', 'limits', 'place', 'contact', 'samples', 'complaint'] AS required
SELECT *, part = whole AS in_numerator, true AS in_denominator,
    toFloat64(arrayCount(f -> JSONExtractBool(payload, 'guide', f), required)) AS part, toFloat64(length(required)) AS whole
FROM ({{items_in_force}})
WHERE JSONType(payload, 'guide') = 'Object'
)
{{sums}}
