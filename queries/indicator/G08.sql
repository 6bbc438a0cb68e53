-- purpose: Refusals filed (否定报备率).
-- grain: one row per group
-- column: numerator UInt64 = refusals filed within one working day
-- column: denominator UInt64 = refusals of the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G08
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, days_in_force, refusals, legible, ratio
-- Processes of a source of its own are out.
WITH figure_rows AS
(
WITH
    {{days_in_force}},
    {{refusals}},
    {{legible}}
SELECT *, promise_due AS due_at, f_at[refusal.2[1]] AS bucket_at, true AS in_denominator,
    arrayExists(x -> (JSONExtractString(f_payload[x], 'filed_at') != '' OR legible(JSONExtractString(f_payload[x], 'denial_filing')))
        AND assumeNotNull(ifNull(toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(f_payload[x], 'filed_at'), 3, 'Asia/Shanghai'), 'UTC'), f_at[x])) <= day_end(add_wd(local_day(bucket_at), 1)), refusal.2) AS in_numerator
FROM ({{cases_as_of}})
ARRAY JOIN refusals AS refusal
WHERE excluded != 'incomplete' AND notEmpty(wd_days) AND bucket_at >= {from:DateTime64(3,'UTC')} AND bucket_at < {{instant_until}}
    AND NOT arrayExists((p, at) -> at <= {as_of:DateTime64(3,'UTC')} AND JSONExtractString(p, 'limit_regime') = 'source', f_payload, f_at)
)
{{ratio}}
