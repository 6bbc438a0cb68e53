-- purpose: Joint stage due or overdue: the sub-cases of a joint case are not all done within K9.
-- grain: one row per accepted parent (clock_no '': the lead organisation) and one per sub-case (clock_no sub/<case_no>: its organisation)
-- include: workdays, rule_steps, limit_history, joint_parents, joint_subs
-- param: joint_days UInt16 = K9 in working days
-- param: extra_days UInt16 = working days that the head of government may add, once and before the due
-- param: warn_days UInt16 = working days before the due from which it is a warning
-- param: dispatch_days UInt16 = working days after the parent's acceptance within which sub-cases have to be created
-- source: domain guide 6.2, R-JNT-01; 2.3 (K9); 2.5 (blame); Licensing Law arts. 26 and 42
-- After each fold, over the parents that the folded cases touch and a lookup of
-- their sub-cases. A parent is a case with sub-cases, or of project type joint. K9
-- runs from its acceptance until the last sub-case stops; without sub-cases until it
-- stops itself; it ends with a parent that is withdrawn or terminated. It is not
-- paused: each sub-case has its own K3, which is.
-- Blame is settled at the first instant over: the red card goes to the organisation
-- of each sub-case that is, or was, over its own promise by then; to the lead
-- organisation when none was, or when it dispatched a sub-case late. share is each
-- one's part of the points. A row whose last step is over says that nothing holds
-- any more: it replaces what was said before.
SELECT
    source_sys, subject_no, charge.1 AS clock_no, charge.2 AS org_code, charge.3 AS region_code, task_code,
    if(charge.1 = '', window_id, '') AS window_id, if(charge.1 = '', staff_id, '') AS staff_id,
    charge.4 AS steps,
    toNullable(stage_due) AS due_at,
    map('clock', 'K9', 'accepted_at', toString(accepted_at), 'ended_at', ifNull(toString(ended_at), ''), 'joint_days', toString({joint_days:UInt16}), 'added_days', toString(added),
        'sub_cases', toString(length(subs)), 'sub_cases_over', arrayStringConcat(broken.1, ', '), 'dispatched_late', toString(dispatched_late),
        'share', if(charge.5, concat('1/', toString(parts)), ''), 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    WITH
    {{rule_steps}}
    SELECT *, arrayConcat(
        [('', lead_org, region_code, if(empty(lead_steps), [(until, '')], lead_steps), lead_blamed)],
        arrayMap(s -> (concat('sub/', s.1), s.2, s.6,
            if(is_over AND has(broken.1, s.1), [(over_at, 'red')], [(least(coalesce(s.4, forever), over_at), '')]), is_over AND has(broken.1, s.1)), subs)) AS charged
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *, is_over AND (empty(broken) OR dispatched_late) AS lead_blamed, length(broken) + if(lead_blamed, 1, 0) AS parts,
            arrayFilter(w -> w.1 < w.2, [
                (greatest(accepted_at, day_start(wd_before(first_day, {warn_days:UInt16}))), least(until, if(e > 0, f_at[e], after(day_end(first_day))))),
                (if(e > 0, greatest(f_at[e], day_start(wd_before(due_day, {warn_days:UInt16}))), forever), least(until, over_at))]) AS warned,
            arrayConcat(spans(warned.1, arrayFilter(x -> NOT (lead_blamed AND x = over_at), warned.2), 'warning'), if(lead_blamed, [(over_at, 'red')], [])) AS lead_steps
        FROM
        (
            WITH
            {{workdays}},
            {{rule_steps}}
            SELECT *, isNull(ended_at) OR assumeNotNull(ended_at) > stage_due AS is_over, after(stage_due) AS over_at, ifNull(ended_at, forever) AS until,
                arrayFilter(s -> isNotNull(s.5) AND assumeNotNull(s.5) <= over_at, subs) AS broken, arrayExists(s -> s.3 > dispatch_due, subs) AS dispatched_late
            FROM
            (
                WITH
                {{workdays}},
                {{rule_steps}}
                SELECT *, add_wd(local_day(accepted_at), {joint_days:UInt16} + added) AS due_day, day_end(due_day) AS stage_due,
                    day_end(add_wd(local_day(accepted_at), {dispatch_days:UInt16})) AS dispatch_due,
                    multiIf(
                        h_excluded[-1] != '', coalesce(h_stop_at[-1], toNullable(h_at[-1])),
                        empty(subs), h_stop_at[-1],
                        arrayExists(s -> isNull(s.4), subs), NULL,
                        toNullable(arrayMax(arrayMap(s -> assumeNotNull(s.4), subs)))) AS ended_at
                FROM
                (
                    SELECT *, if(e > 0, greatest(least(JSONExtractInt(f_payload[e], 'days'), {extra_days:UInt16}), 0), 0) AS added
                    FROM
                    (
                        WITH
                        {{workdays}},
                        {{rule_steps}}
                        SELECT *, add_wd(local_day(accepted_at), {joint_days:UInt16}) AS first_day, day_end(first_day) AS first_end,
                            arrayFirstIndex((k, legal, p, t) -> k = 'extend' AND legal AND JSONExtractString(p, 'approver_level') = 'government_head' AND t <= first_end, f_type, f_legal, f_payload, f_at) AS e
                        FROM
                        (
                            SELECT p.source_sys AS source_sys, p.case_no AS subject_no, if(p.attributes['lead_org'] = '', toString(p.org_code), p.attributes['lead_org']) AS lead_org,
                                toString(p.region_code) AS region_code, p.task_code AS task_code, toString(p.window_id) AS window_id, toString(p.staff_id) AS staff_id, p.calendar_version AS calendar_version,
                                assumeNotNull(p.h_accepted_at[-1]) AS accepted_at, p.h_at AS h_at, p.h_excluded AS h_excluded, p.h_stop_at AS h_stop_at,
                                p.f_type AS f_type, p.f_legal AS f_legal, p.f_payload AS f_payload, p.f_at AS f_at, s.subs AS subs
                            FROM ({{joint_parents}}) AS p
                            LEFT JOIN
                            (
                                SELECT source_sys, parent_case_no,
                                    arraySort(groupArray((case_no, toString(org_code), first_at,
                                        coalesce(h_stop_at[-1], if(h_state[-1] IN ('', 'submitted', 'correcting', 'accepted', 'processing', 'suspended'), NULL, toNullable(h_at[-1]))),
                                        over_at, toString(region_code)))) AS subs
                                FROM
                                (
                                    WITH
                                    {{workdays}},
                                    {{rule_steps}},
                                    {{limit_history}}
                                    SELECT *, over(h_promise_due) AS over_at
                                    FROM ({{joint_subs}})
                                )
                                GROUP BY source_sys, parent_case_no
                            ) AS s ON p.source_sys = s.source_sys AND p.case_no = s.parent_case_no
                            WHERE isNotNull(p.h_accepted_at[-1]) AND (notEmpty(s.subs) OR p.project_type = 'joint')
                        )
                    )
                )
            )
            WHERE published(local_day(accepted_at), due_day)
        )
    )
)
ARRAY JOIN charged AS charge
