-- Tickets received in the period.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: tickets_as_of, instant_until
SELECT *, true AS in_numerator, true AS in_denominator, assumeNotNull(received_at) AS bucket_at
FROM ({{tickets_as_of}})
WHERE received_at >= {from:DateTime64(3,'UTC')} AND received_at < {{instant_until}}
