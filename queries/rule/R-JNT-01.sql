-- purpose: Joint stage due or overdue: the sub-cases of a joint case are not all done within K9.
-- grain: one row per accepted parent (clock_no '': the lead organisation) and one per sub-case (clock_no sub/<case_no>: its organisation)
-- include: workdays, rule_steps, limit_history, case_runs, joint_parents, joint_subs, joint_lead, joint_since, joint_last_due, joint_members, joint_runs, joint_rests, joint_extension, joint_rested
-- param: joint_days UInt16 = K9 in working days; a committed limit of the stage (stage_days of the parent's acceptance) takes its place when it is shorter
-- param: extra_days UInt16 = working days that the head of government may add, once and before the due
-- param: warn_days UInt16 = working days before the due from which it is a warning
-- param: dispatch_days UInt16 = working days after the parent's acceptance within which sub-cases have to be created
-- source: domain guide 6.2, R-JNT-01; 2.3 (K9); 2.5 (clocks, blame); Licensing Law arts. 26 and 42
-- After each fold, over the parents that the folded cases touch and a lookup of
-- their sub-cases. A parent is a case with sub-cases, or of project type joint. K9
-- runs from its acceptance until the last sub-case that was accepted stops; without sub-cases until it
-- stops itself; it ends with a parent that is withdrawn or terminated. It is not
-- paused: each sub-case has its own K3, which is. When all sub-cases were done and one
-- is reopened, it goes on with the time that was left: the working days between are no
-- part of it (domain guide 2.2, reopen), unless it was over before.
-- Blame is settled at the first instant over: the red card goes to the organisation
-- of each sub-case that is, or was, over its own promise by then; to the lead
-- organisation when none was, or when it dispatched a sub-case late. A sub-case that
-- ended without a result before the stage was over held nothing up and bears no blame, and one that is
-- named when all were done and the limit was over is none of it. share is each
-- one's part of the points. A row whose last step is over says that nothing holds
-- any more: it replaces what was said before.
SELECT
    source_sys, subject_no, charge.1 AS clock_no, charge.2 AS org_code, charge.3 AS region_code, task_code,
    if(charge.1 = '', window_id, '') AS window_id, if(charge.1 = '', staff_id, '') AS staff_id,
    charge.4 AS steps,
    toNullable(stage_due) AS due_at,
    map('clock', 'K9', 'accepted_at', toString(accepted_at), 'ended_at', ifNull(toString(ended_at), ''), 'joint_days', toString(stage_days), 'added_days', toString(added), 'done_between_days', toString(rested),
        'sub_cases', toString(length(subs)), 'sub_cases_over', arrayStringConcat(broken.1, ', '), 'dispatched_late', toString(dispatched_late),
        'share', if(charge.5, concat('1/', toString(parts)), ''), 'calendar', calendar_version, 'calendar_provisional', toString(sure_due != stage_due)) AS evidence
FROM
(
    WITH
    {{rule_steps}}
    SELECT *, arrayConcat(
        [('', lead_org, region_code, if(empty(lead_steps), [(until, '')], lead_steps), lead_blamed)],
        arrayMap(s -> (concat('sub/', s.1), s.2, s.5,
            if(is_over AND has(broken.1, s.1), [(over_at, 'red')], [(least(coalesce(s.6[-1].2, forever), over_at), '')]), is_over AND has(broken.1, s.1)), subs)) AS charged
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *, is_over AND (empty(broken) OR dispatched_late) AS lead_blamed, length(broken) + if(lead_blamed, 1, 0) AS parts,
            -- the warnings of each run, before and after the extension
            arraySort(w -> w.1, arrayFilter(w -> w.1 < w.2 AND sure_due = stage_due, arrayMap(
                w -> (greatest(w.1, day_start(wd_before(w.3, {warn_days:UInt16}))), least(w.2, over_at, after(day_end(w.3)))),
                arrayConcat(
                    arrayMap((r, n) -> (r.1, least(r.2, extended_at), add_wd(first_day, stage_days + n)), runs, rested_before),
                    arrayMap((r, n) -> (greatest(r.1, extended_at), r.2, add_wd(first_day, stage_days + added + n)), runs, rested_before))))) AS warned,
            arrayConcat(spans(warned.1, arrayFilter(x -> NOT (lead_blamed AND x = over_at), warned.2), 'warning'), if(lead_blamed, [(over_at, 'red')], [])) AS lead_steps
        FROM
        (
            WITH
            {{workdays}},
            {{rule_steps}}
            SELECT *, if(runs[-1].2 = forever, NULL, toNullable(runs[-1].2)) AS ended_at, runs[-1].2 AS until, surely(first_day, due_day, stage_due) AS sure_due, until > sure_due AS is_over, after(sure_due) AS over_at,
                arrayFilter(s -> s.8 <= over_at AND isNotNull(s.4) AND assumeNotNull(s.4) <= over_at AND NOT (s.7 AND s.6[-1].2 < over_at), subs) AS broken, arrayExists(s -> s.3 > dispatch_due AND s.3 <= over_at AND s.8 <= over_at, subs) AS dispatched_late
            FROM
            (
                WITH
                {{workdays}},
                {{rule_steps}}
                SELECT *, {{joint_rested}} AS rested,
                    add_wd(first_day, stage_days + added + rested) AS due_day, day_end(due_day) AS stage_due, day_end(add_wd(first_day, {dispatch_days:UInt16})) AS dispatch_due
                FROM
                (
                    WITH
                    {{workdays}},
                    {{rule_steps}}
                    SELECT *, {{joint_rests}} AS rests, arrayCumSum(rests) AS rested_before,
                        -- an extension counts while the stage is not over
                        {{joint_extension}} AS e,
                        if(e > 0, f_at[e], forever) AS extended_at,
                        if(e > 0, toInt64(greatest(least(JSONExtractInt(f_payload[e], 'days'), {extra_days:UInt16}), 0)), toInt64(0)) AS added
                    FROM
                    (
                        WITH
                        {{workdays}},
                        {{rule_steps}}
                        SELECT * EXCEPT (own_end, runs_given),
                            -- the runs of all sub-cases as one: those that touch or overlap are joined, nothing runs beyond the end of the parent
                            arrayFilter(r -> r.1 < r.2, arrayMap(r -> (r.1, least(r.2, own_end)), runs_given)) AS runs_clipped,
                            {{joint_runs}} AS runs
                        FROM
                        (
                            WITH
                            {{workdays}},
                            {{rule_steps}}
                            SELECT p.source_sys AS source_sys, p.case_no AS subject_no, {{joint_lead}} AS lead_org,
                                toString(p.region_code) AS region_code, p.task_code AS task_code, toString(p.window_id) AS window_id, toString(p.staff_id) AS staff_id, p.calendar_version AS calendar_version,
                                assumeNotNull(p.h_accepted_at[-1]) AS accepted_at, p.f_type AS f_type, p.f_legal AS f_legal, p.f_payload AS f_payload, p.f_at AS f_at, s.named AS named,
                                arrayMin(p.f_first_received_at) AS parent_told, local_day(accepted_at) AS first_day, day_end(add_wd(first_day, stage_days)) AS first_due,
                                {extra_days:UInt16} AS most, {{joint_last_due}} AS last_due, {{joint_members}} AS subs,
                                arrayMin(arrayFilter(n -> n > 0, arrayConcat([toInt64({joint_days:UInt16})],
                                    arrayMap((k, x, legal) -> if(k = 'accept' AND legal, JSONExtractInt(x, 'stage_days'), 0), p.f_type, p.f_payload, p.f_legal)))) AS stage_days,
                                if(p.h_state[-1] IN ('withdrawn', 'terminated', 'not_accepted'), p.h_at[arrayLastIndex(x -> x NOT IN ('withdrawn', 'terminated', 'not_accepted'), p.h_state) + 1], forever) AS own_end,
                                -- before the acceptance of the parent nothing counts
                                arraySort(arrayMap(r -> (greatest(r.1, accepted_at), greatest(r.2, accepted_at)), multiIf(arrayExists(m -> NOT m.7, subs), arrayFlatten(subs.6), p.project_type = 'joint', p.case_runs, [(accepted_at, accepted_at)]))) AS runs_given
                            FROM (WITH {{rule_steps}}, {{case_runs}} SELECT *, case_runs FROM ({{joint_parents}})) AS p
                            LEFT JOIN
                            (
                                SELECT source_sys, parent_case_no, groupArray((case_no, toString(org_code), first_at, over_at, toString(region_code), case_runs, without_result, assumeNotNull(since), ifNull(member_told_at, arrayMin(f_first_received_at)))) AS named
                                FROM
                                (
                                    WITH
                                    {{workdays}},
                                    {{rule_steps}},
                                    {{limit_history}},
                                    {{case_runs}}
                                    SELECT *, over(h_promise_due, h_pause_until) AS over_at, case_runs, h_state[-1] IN ('withdrawn', 'terminated', 'not_accepted') AND isNull(h_decided_at[-1]) AND isNull(h_finished_at[-1]) AS without_result, {{joint_since}} AS since
                                    FROM ({{joint_subs}})
                                    WHERE isNotNull(since)
                                )
                                GROUP BY source_sys, parent_case_no
                            ) AS s ON p.source_sys = s.source_sys AND p.case_no = s.parent_case_no
                            WHERE isNotNull(p.h_accepted_at[-1]) AND (notEmpty(s.named) OR p.project_type = 'joint')
                        )
                    )
                )
            )
            WHERE sure_due < forever
        )
    )
)
ARRAY JOIN charged AS charge
