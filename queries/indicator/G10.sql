-- purpose: Fees by the catalogue (收费合规率).
-- grain: one row per group
-- column: numerator UInt64 = fees as the catalogue gives them
-- column: denominator UInt64 = fee notices of the period, of items whose fees the catalogue gives
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G10
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, items_known, ratio
-- The amount less the reduction must equal the standard: more, less and unlisted are wrong.
WITH figure_rows AS
(
WITH (p, k) -> toInt64(round(least(greatest(JSONExtractFloat(p, k), -1e13), 1e13) * 100)) AS cents
SELECT *, promise_due AS due_at, fee_at AS bucket_at, true AS in_denominator,
    NOT (JSONType(item_payload, 'is_fee') = 'Bool' AND NOT JSONExtractBool(item_payload, 'is_fee')) AND JSONHas(item_payload, 'fees', JSONExtractString(fee, 'fee_code'))
        AND cents(fee, 'amount') = toInt64(round(least(greatest(JSONExtractFloat(item_payload, 'fees', JSONExtractString(fee, 'fee_code')), -1e13), 1e13) * 100)) - cents(fee, 'reduction') AS in_numerator
FROM
(
    SELECT *, fee, fee_at
    FROM ({{cases_as_of}})
    ARRAY JOIN f_payload AS fee, f_at AS fee_at, f_type AS fact
    WHERE fact = 'fee_notice' AND JSONExtractFloat(fee, 'amount') > 0 AND fee_at >= {from:DateTime64(3,'UTC')} AND fee_at < {{instant_until}} AND excluded != 'incomplete'
) AS c
INNER JOIN (SELECT task_code, task_version, payload AS item_payload FROM ({{items_known}}) WHERE JSONType(payload, 'fees') = 'Object' OR JSONType(payload, 'is_fee') = 'Bool') AS i ON i.task_code = c.task_code AND i.task_version = c.task_version
)
{{ratio}}
