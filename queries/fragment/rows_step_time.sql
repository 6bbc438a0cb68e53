-- Behind D13, per case: one row (step empty) with the net time of each case that
-- stopped in the period, one row per ended run of its steps, and one row per run
-- that is open as of as_of in an open case.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT
    * EXCEPT (s_step, s_org, s_start_at, s_end_at, s_net_days, s_wait_hours),
    run.1 AS step, run.2 AS role, run.3 AS days, run.4 AS bucket_at
FROM
(
    SELECT *, excluded = '' AND isNotNull(net_days) AND ifNull(stop_at >= {from:DateTime64(3,'UTC')} AND stop_at < {{instant_until}}, false) AS is_stopped_here
    FROM ({{cases_as_of}})
)
ARRAY JOIN arrayConcat(
    if(is_stopped_here, [('', 'case', toFloat64(assumeNotNull(net_days)), assumeNotNull(stop_at))], []),
    if(is_stopped_here, arrayMap((code, days) -> (toString(code), 'run', assumeNotNull(days), assumeNotNull(stop_at)),
        arrayFilter((code, days, ended) -> isNotNull(days) AND ifNull(ended <= {as_of:DateTime64(3,'UTC')}, false), s_step, s_net_days, s_end_at),
        arrayFilter((days, ended) -> isNotNull(days) AND ifNull(ended <= {as_of:DateTime64(3,'UTC')}, false), s_net_days, s_end_at)), []),
    if(is_open AND excluded = '', arrayMap(code -> (toString(code), 'queue', toFloat64(0), subtractMilliseconds({{instant_until}}, 1)),
        arrayFilter((code, started, ended) -> started < {{instant_until}} AND ifNull(ended >= {{instant_until}}, true), s_step, s_start_at, s_end_at)), [])
) AS run
WHERE is_stopped_here OR is_open
