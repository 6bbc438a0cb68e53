-- purpose: Delivery in time (送达及时率).
-- grain: one row per group
-- column: numerator UInt64 = deliveries in time
-- column: denominator UInt64 = approvals of the period to be delivered (K5)
-- source: domain guide 5.5, D11
-- dims: case
-- evidence: list_cases
-- include: case_clocks, ratio
-- What is still within its time is left out; what is open past it has failed.
WITH figure_rows AS
(
SELECT *
FROM ({{case_clocks}})
WHERE clock = 'K5'
)
{{ratio}}
