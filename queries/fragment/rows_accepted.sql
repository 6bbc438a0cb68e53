-- Cases accepted in the period; deemed acceptance counts on the receipt date
-- (domain guide 2.3, K2).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, true AS in_numerator, true AS in_denominator, assumeNotNull(accepted_at) AS bucket_at
FROM ({{cases_as_of}})
WHERE accepted_at >= {from:DateTime64(3,'UTC')} AND accepted_at < {{instant_until}}
