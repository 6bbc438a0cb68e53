-- purpose: Joint stages on time (并联按期率).
-- grain: one row per group
-- column: numerator UInt64 = joint stages that ended in time
-- column: denominator UInt64 = joint stages that ended in the period, and those open past their limit at its end
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.5, D16
-- dims: case
-- evidence: list_cases
-- include: joint_stages, days_in_force, joint_last_due, joint_members, joint_runs, joint_rests, joint_extension, joint_rested, period_terms, period_array, ratio
-- 45 working days, or a shorter promise, and up to 15 more with an approval that came in time (K9); a pause of one sub-case does not
-- stop it, and the days between its end and a part that is taken up again are no part of it, as in R-JNT-01. What had run out is not undone: a
-- stage whose parent, or last part, is given up after its due was late, and one that was joint when it was due is so ever
-- after. One that is given up before is out.
WITH figure_rows AS
(
SELECT *, if(is_stopped_here, stage_stop, NULL) AS stop_at, toNullable(stage_due) AS due_at, is_stopped_here AND stage_stop <= stage_due AS in_numerator, true AS in_denominator,
    if(is_stopped_here, assumeNotNull(stage_stop), subtractMilliseconds(p.2, 1)) AS bucket_at
FROM
(
    WITH
        greatest({from:DateTime64(3,'UTC')}, accepted_at) AS begin,
        least({{instant_until}}, addMilliseconds(ifNull(stage_stop, {{instant_until}}), 1)) AS end,
        {{period_terms}}
    SELECT *, p, ifNull(stage_stop >= p.1 AND stage_stop < p.2, false) AS is_stopped_here
    FROM
    (
        WITH toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS forever
        SELECT *, arrayMax(arrayMap(r -> r.2, runs_given)) AS with_result, own_end < with_result OR own_end < forever AND own_end = with_result AND NOT has_parts AS is_given_up,
            if(runs[-1].2 = forever, NULL, toNullable(runs[-1].2)) AS stage_stop
        FROM
        (
            WITH {{days_in_force}}
            SELECT *, {{joint_rested}} AS rested, day_end(add_wd(first_day, stage_days + added + rested)) AS stage_due
            FROM
            (
                WITH {{days_in_force}}
                SELECT *, {{joint_rests}} AS rests, arrayCumSum(rests) AS rested_before, {{joint_extension}} AS e,
                    toInt64(if(e > 0, greatest(least(JSONExtractInt(f_payload[e], 'days'), 15), 0), 0)) AS added
                FROM
                (
                    SELECT *, arrayFilter(r -> r.1 < r.2, arrayMap(r -> (r.1, least(r.2, own_end)), runs_given)) AS runs_clipped, {{joint_runs}} AS runs
                    FROM
                    (
                        WITH
                            {{days_in_force}},
                            -- whether it was the parent of a joint case at an instant (see joint_heads_then)
                            t -> arrayExists(k -> ifNull(k.1 <= t, false) AND k.5[arrayLastIndex(x -> x <= t AND ifNull(x <= k.2, true), k.4)] = '' AND k.5[arrayLastIndex(x -> x <= t, k.4)] = ''
                                AND (k.3 OR ifNull(t <= k.2, false)), pairs) AS joint_at
                        SELECT *, local_day(accepted_at) AS first_day,
                            arrayMin(arrayFilter(n -> n > 0, arrayConcat([toInt64(45)], arrayMap((t, p, legal) -> if(t = 'accept' AND legal, JSONExtractInt(p, 'stage_days'), 0), f_type, f_payload, f_legal)))) AS stage_days,
                            day_end(add_wd(first_day, stage_days)) AS first_due, 15 AS most, {{joint_last_due}} AS last_due, {{joint_members}} AS members,
                            joint_at({as_of:DateTime64(3,'UTC')}) OR first_due <= {as_of:DateTime64(3,'UTC')} AND joint_at(first_due) AS is_joint, arrayExists(m -> NOT m.7, members) AS has_parts,
                            arraySort(arrayMap(r -> (greatest(r.1, accepted_at), greatest(r.2, accepted_at)), if(has_parts, arrayFlatten(members.6), own_runs))) AS runs_given
                        FROM ({{joint_stages}})
                        WHERE (is_joint AND has_parts OR is_project) AND notEmpty(wd_days)
                    )
                )
            )
        )
        WHERE NOT (is_given_up AND own_end <= stage_due)
    )
    ARRAY JOIN {{period_array}} AS p
)
WHERE is_stopped_here OR stage_due < p.3 AND ifNull(stage_stop >= p.2, true)
)
{{ratio}}
