-- purpose: Referrals for accountability (问责数).
-- grain: one row per group
-- column: numerator UInt64 = referrals made in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G15
-- dims: work
-- evidence: list_work
-- include: work_rounds, instant_until, count
-- Those withdrawn are out.
WITH figure_rows AS
(
SELECT *, true AS in_numerator, true AS in_denominator, referred.1 AS bucket_at
FROM (SELECT *, arrayFirst(e -> e.2 = 'refer', known) AS referred FROM ({{work_rounds}}) WHERE kind = 'referral' AND segment = 0 AND arrayExists(e -> e.2 = 'refer', known))
WHERE state != 'withdrawn' AND referred.1 >= {from:DateTime64(3,'UTC')} AND referred.1 < {{instant_until}}
)
{{count}}
