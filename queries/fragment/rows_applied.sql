-- Cases applied for in the period.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, true AS in_numerator, true AS in_denominator, assumeNotNull(applied_at) AS bucket_at
FROM ({{cases_as_of}})
WHERE applied_at >= {from:DateTime64(3,'UTC')} AND applied_at < {{instant_until}}
