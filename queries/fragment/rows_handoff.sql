-- Behind D14: runs of steps that started in the period, with the hours since the
-- end of the step before.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT *, promise_due AS due_at, true AS in_numerator, true AS in_denominator, started_at AS bucket_at
FROM
(
    SELECT * EXCEPT (s_step, s_org, s_start_at, s_end_at, s_net_days, s_wait_hours), step, started_at, wait_hours
    FROM ({{cases_as_of}})
    ARRAY JOIN s_step AS step, s_start_at AS started_at, s_wait_hours AS wait_hours
)
WHERE isNotNull(wait_hours) AND started_at >= {from:DateTime64(3,'UTC')} AND started_at < {{instant_until}}
