-- purpose: Applications not accepted (不予受理率).
-- grain: one row per group
-- column: numerator UInt64 = applications not accepted
-- column: denominator UInt64 = applications accepted or not accepted in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.4, C12
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, ratio
-- What is deemed accepted counts as accepted.
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, state = 'not_accepted' AS in_numerator, true AS in_denominator, assumeNotNull(settled_at) AS bucket_at
FROM (SELECT *, if(state = 'not_accepted', toNullable(arrayLast((at, t) -> t = 'not_accept' AND at <= {as_of:DateTime64(3,'UTC')}, f_at, f_type)), accepted_at) AS settled_at FROM ({{cases_as_of}}))
WHERE settled_at >= {from:DateTime64(3,'UTC')} AND settled_at < {{instant_until}} AND excluded != 'incomplete'
)
{{ratio}}
