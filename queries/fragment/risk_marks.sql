-- One row per landmark: a subject at an instant of its life at which its clock ran
-- and its due had not passed. Learned landmarks (learned = 1) are those of subjects
-- whose due passed before learn_until, so that how each of them ended is known,
-- late or not; they lie on a fixed grid of time left, so that a subject counts once
-- at each distance from its due. Asked landmarks (learned = 0) are those the text
-- around it asks for.
-- unit: wd = time left is counted in working days; h = in hours, for a due that the
-- source gives itself. left is the time left, grid the step of the grid that it is
-- compared at: 0…60 working days, or 1.1^g hours with g from -14 to 95
-- (a quarter of an hour to a year), the largest that is not more than the time left.
-- Uses of the text around it: learn_from, learn_until (bounds of the dues that are
-- learned from), asked(hist) (instants asked about), moment (hours of the local day
-- at which days of the grid are looked at), and what risk_histories uses.
-- include: risk_histories, workdays
-- param: calendar String = version of the calendar
WITH
    {{workdays}}
SELECT
    kind, source_sys, subject_no, region_code, item, learned,
    m.1 AS at,
    hist[m.2] AS e,
    if(e.9, 'h', 'wd') AS unit,
    e.5 AS org,
    e.8 AS due_at,
    if(e.9, dateDiff('millisecond', at, due_at) / 3600000, toFloat64(count_wd(local_day(at), local_day(due_at)))) AS left,
    if(learned, m.3, if(e.9, greatest(toInt32(-14), least(toInt32(95), toInt32(floor(log(greatest(left, 0.01)) / log(1.1) + 1e-9)))), least(toInt32(60), toInt32(left)))) AS grid,
    arrayLast((s, a) -> a <= at, p_step, p_at) AS p,
    if(p = '', e.11, p) AS step,
    dateDiff('millisecond', e.6, at) / dateDiff('millisecond', e.6, e.8) AS used,
    -- how it stands by the facts known at learn_until and in the end
    learned_end,
    can_learn,
    last_end,
    ifNull(learned_end.7 > learned_end.8, true) AS learned_late,
    ifNull(last_end.7 > last_end.8, true) AS last_late
FROM
(
    -- each level computes what the next one names more than once
    SELECT
        *,
        arrayJoin([
            -- a due that moved is approached twice from the same distance: the last time counts
            (1, if(arrayUniq(arrayMap(x -> x.8, hist)) <= 2, reached, arrayFilter((m, i) -> i = arrayLastIndex(y -> y.3 = m.3, reached), reached, arrayEnumerate(reached)))),
            (0, arrayMap(t -> (t, arrayCount(x -> x.1 <= t, hist), toInt32(0)), asked(hist)))]) AS side,
        side.1 AS learned
    FROM
    (
        WITH
            {{workdays}}
        SELECT
            kind, source_sys, subject_no, region_code, item, calendar_version, hist, p_at, p_step, learned_end, can_learn, last_end,
            arrayFlatten(arrayMap((x, j) -> if(
                NOT can_learn OR j > learned_i OR NOT x.3 OR isNull(x.8) OR isNotNull(x.7) OR isNull(x.6) OR x.4 != '', [],
                arrayFilter(m -> m.1 >= x.1 AND m.1 < x.2 AND m.1 < learn_until AND NOT ifNull(x.10 >= m.1, false) AND m.1 >= x.6,
                    if(x.9,
                        -- only the steps of the grid that lie between the ends of the element
                        arrayMap(g -> (addMilliseconds(assumeNotNull(x.8), -toInt64(3600000 * pow(1.1, g))), j, toInt32(g)),
                            range(greatest(-14, toInt32(floor(log(greatest(0.2, dateDiff('second', x.2, assumeNotNull(x.8)) / 3600)) / log(1.1))) - 1),
                                least(96, toInt32(ceil(log(greatest(0.2, dateDiff('second', x.1, assumeNotNull(x.8)) / 3600)) / log(1.1))) + 2))),
                        arrayMap(g -> (toDateTime64(addHours(day_start(wd_before(local_day(assumeNotNull(x.8)), g)), moment), 3, 'UTC'), j, toInt32(g)),
                            range(0, least(61, 2 + toInt32(greatest(0, dateDiff('day', x.1, assumeNotNull(x.8))))))))
                )),
                hist, arrayEnumerate(hist))) AS reached
        FROM
        (
            SELECT
                *,
                hist[learned_i] AS learned_end,
                learned_i > 0 AND learned_end.4 = '' AND ifNull(learned_end.8 >= learn_from AND learned_end.8 < learn_until, false) AS can_learn
            FROM
            (
                SELECT *, arrayCount(x -> x.1 <= learn_until, hist) AS learned_i, hist[arrayCount(x -> x.1 <= last_fact, hist)] AS last_end
                FROM ({{risk_histories}})
            )
        )
    )
)
ARRAY JOIN side.2 AS m
WHERE m.2 > 0
