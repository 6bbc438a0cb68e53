-- Cases finished in the period: at the first of decision, finish and delivery,
-- which is when the clocks of the case stop. A case whose beginning has not come
-- (incomplete) is in no figure until it has (domain guide 2.6).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, true AS in_numerator, true AS in_denominator, assumeNotNull(completed_at) AS bucket_at
FROM ({{cases_as_of}})
WHERE completed_at >= {from:DateTime64(3,'UTC')} AND completed_at < {{instant_until}} AND is_finished AND excluded != 'incomplete'
