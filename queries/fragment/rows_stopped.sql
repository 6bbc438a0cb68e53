-- Cases whose clocks stopped in the period and that count in timeliness (C2).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, true AS in_numerator, true AS in_denominator, assumeNotNull(stop_at) AS bucket_at
FROM ({{cases_as_of}})
WHERE excluded = '' AND stop_at >= {from:DateTime64(3,'UTC')} AND stop_at < {{instant_until}}
