-- purpose: Joint stages on time (并联按期率).
-- grain: one row per group
-- column: numerator UInt64 = joint stages that ended in time
-- column: denominator UInt64 = joint stages that ended in the period, and those open past their limit at its end
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.5, D16
-- dims: case
-- evidence: list_cases
-- include: joint_stages, days_in_force, period_terms, period_array, ratio
-- 45 working days, or a shorter promise, and up to 15 more with an approval that came in time (K9); a pause of one sub-case does not
-- stop it. What had run out is not undone: a stage whose parent, or last part, is given up after its due was late, and one that was
-- joint when it was due is so ever after. One that is given up before is out.
WITH figure_rows AS
(
SELECT *, if(is_stopped_here, stage_stop, NULL) AS stop_at, toNullable(stage_due) AS due_at, is_stopped_here AND stage_stop <= stage_due AS in_numerator, true AS in_denominator,
    if(is_stopped_here, assumeNotNull(stage_stop), subtractMilliseconds(p.2, 1)) AS bucket_at
FROM
(
    WITH
        greatest({from:DateTime64(3,'UTC')}, assumeNotNull(accepted_at)) AS begin,
        least({{instant_until}}, addMilliseconds(ifNull(stage_stop, {{instant_until}}), 1)) AS end,
        {{period_terms}}
    SELECT *, p, ifNull(stage_stop >= p.1 AND stage_stop < p.2, false) AS is_stopped_here
    FROM
    (
        WITH
            {{days_in_force}},
            -- whether it was the parent of a joint case at an instant (see joint_heads_then)
            t -> arrayExists(k -> ifNull(k.1 <= t, false) AND k.5[arrayLastIndex(x -> x <= t AND ifNull(x <= k.2, true), k.4)] = '' AND k.5[arrayLastIndex(x -> x <= t, k.4)] = ''
                AND (k.3 OR ifNull(t <= k.2, false)), pairs) AS joint_at
        SELECT *, local_day(assumeNotNull(accepted_at)) AS first_day,
            arrayMin(arrayFilter(n -> n > 0, arrayConcat([toInt64(45)], arrayMap((t, p, legal) -> if(t = 'accept' AND legal, JSONExtractInt(p, 'stage_days'), 0), f_type, f_payload, f_legal)))) AS stage_limit,
            toInt64(least(15, greatest(0, JSONExtractInt(f_payload[arrayFirstIndex((t, p, legal, at) -> t = 'extend' AND legal AND at <= least({as_of:DateTime64(3,'UTC')}, day_end(add_wd(first_day, stage_limit)))
                AND JSONExtractString(p, 'approver_level') = 'government_head', f_type, f_payload, f_legal, f_at)], 'days')))) AS more,
            day_end(add_wd(first_day, stage_limit + more)) AS stage_due,
            joint_at({as_of:DateTime64(3,'UTC')}) OR stage_due <= {as_of:DateTime64(3,'UTC')} AND joint_at(stage_due) AS is_joint,
            if(is_joint, parts_stop, own_result) AS with_result,
            ifNull(own_end < with_result, isNotNull(own_end)) AS is_given_up,
            if(is_given_up, own_end, with_result) AS stage_stop
        FROM ({{joint_stages}})
        WHERE (is_joint OR is_project) AND isNotNull(accepted_at) AND notEmpty(wd_days) AND NOT (is_given_up AND ifNull(own_end <= stage_due, false))
    )
    ARRAY JOIN {{period_array}} AS p
)
WHERE is_stopped_here OR stage_due < p.3 AND ifNull(stage_stop >= p.2, true)
)
{{ratio}}
