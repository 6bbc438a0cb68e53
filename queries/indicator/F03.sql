-- purpose: Calls answered within 15 seconds (15秒接通率).
-- grain: one row per group
-- column: numerator Float64 = calls answered within 15 seconds
-- column: denominator Float64 = calls queued to an agent, without those given up within five seconds
-- source: domain guide 5.7, F03
-- dims: total
-- evidence: list_measurements
-- include: measured_flow, sums
WITH figure_rows AS
(
SELECT *, `values`['answered_15s'] AS part, `values`['queued'] - `values`['abandoned_5s'] AS whole
FROM ({{measured_flow}})
WHERE name = 'hotline_calls' AND mapContains(`values`, 'answered_15s') AND mapContains(`values`, 'queued')
)
{{sums}}
