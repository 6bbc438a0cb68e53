-- One row per case accepted in the period (denominator) and one per case
-- finished in it (numerator).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, role = 'finished' AS in_numerator, role = 'accepted' AS in_denominator, assumeNotNull(role_at) AS bucket_at
FROM ({{cases_as_of}})
ARRAY JOIN [accepted_at, if(is_finished, completed_at, NULL)] AS role_at, ['accepted', 'finished'] AS role
WHERE role_at >= {from:DateTime64(3,'UTC')} AND role_at < {{instant_until}} AND excluded != 'incomplete'
