-- purpose: Told all at once (一次性告知合规率).
-- grain: one row per group
-- column: numerator UInt64 = cases with one notice alone
-- column: denominator UInt64 = cases with a first notice in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G07
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, ratio
-- A further notice that rests on a fact that was not visible before is no second one, and what is dated before the application is none.
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, length(told) = 1 AS in_numerator, true AS in_denominator, f_at[told[1]] AS bucket_at
FROM
(
    SELECT *, arrayFilter((j, t, s, at) -> t IN ('correction_notice', 'prereview_reject') AND s IN ('', 'submitted', 'correcting') AND j > arrayFirstIndex((t, s, legal) -> t = 'apply' AND s = '' AND legal, f_type, f_state, f_legal) AND at <= {as_of:DateTime64(3,'UTC')}, arrayEnumerate(f_type), f_type, f_state, f_at) AS notices,
        arrayFilter((j, n) -> n = 1 OR NOT JSONExtractBool(f_payload[j], 'new_fact'), notices, arrayEnumerate(notices)) AS told
    FROM ({{cases_as_of}})
    WHERE excluded != 'incomplete'
)
WHERE notEmpty(told) AND bucket_at >= {from:DateTime64(3,'UTC')} AND bucket_at < {{instant_until}}
)
{{ratio}}
