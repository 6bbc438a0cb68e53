-- Cases whose promised due lies in the period; each case is in one period only.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, ifNull(stop_at <= promise_due, false) AS in_numerator, true AS in_denominator, assumeNotNull(promise_due) AS bucket_at
FROM ({{cases_as_of}})
WHERE excluded = '' AND promise_due >= {from:DateTime64(3,'UTC')} AND promise_due < {{instant_until}}
    AND NOT ifNull(pause_until >= {as_of:DateTime64(3,'UTC')}, false)
