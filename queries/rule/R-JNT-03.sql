-- purpose: Silent co-department: a department that takes part in a joint case gave no opinion by its limit.
-- grain: one row per sub-case without an opinion by its promise (clock_no ''), and one per co-handling step without one by its limit (clock_no K6/n)
-- include: workdays, rule_steps, limit_history, joint_touched, joint_subs, joint_item_payloads
-- source: domain guide 6.2, R-JNT-03; 2.5 (tacit consent)
-- After each fold, over the sub-cases of the joint cases that the folded cases touch: whether a
-- case is a sub-case hangs on its parent. One that names itself, or a case that is a sub-case, or
-- one that was late or done by then, takes part in no joint case.
-- An opinion is the end of a step with an opinion, a decision, a finish or a refusal.
-- The limit is the promise of the sub-case, with its pauses. Where silence counts as
-- consent (deemed_consent), the card comes with that event when it comes first. A step
-- of another organisation inside the case is a co-department too: its limit is K6.
SELECT
    source_sys, subject_no, silence.1 AS clock_no, silence.2 AS org_code, region_code, task_code,
    if(silence.1 = '', window_id, '') AS window_id, if(silence.1 = '', staff_id, '') AS staff_id,
    [(silence.4, 'yellow')] AS steps,
    if(silence.1 = '', promise_due, toNullable(addMilliseconds(silence.4, -1))) AS due_at,
    map('parent_case_no', parent_case_no, 'step', silence.3, 'opinion_at', if(silence.1 = '', ifNull(toString(opinion_at), ''), ''), 'deemed_consent_at', ifNull(toString(deemed_at), ''),
        'tacit_consent', tacit_consent, 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}},
    {{limit_history}},
    over(sure_dues(h_promise_due, h_accepted_at), h_pause_until) AS over_at,
    arrayFirst(x -> isNotNull(x), arrayMap((k, t, p) -> if(k IN ('decide', 'finish', 'not_accept') OR k = 'step_end' AND JSONExtractString(p, 'opinion') != '', toNullable(t), NULL), f_type, f_at, f_payload)) AS opinion_at,
    arrayFirst(x -> isNotNull(x), arrayMap((k, t) -> if(k = 'deemed_consent', toNullable(t), NULL), f_type, f_at)) AS deemed_at,
    least(ifNull(over_at, forever), ifNull(deemed_at, forever)) AS silent_at,
    arrayFilter(x -> x.4 < forever AND x.2 != '' AND x.2 != org_code AND isNull(h_pause_until[arrayLastIndex(at -> at <= x.4, h_at)])
            AND NOT arrayExists((k, t, p) -> k = 'step_end' AND t < x.4 AND JSONExtractString(p, 'step_code') = x.3 AND JSONExtractString(p, 'opinion') != '', f_type, f_at, f_payload)
            AND ifNull(h_stop_at[-1] >= x.4, true) AND isNull(h_stop_at[arrayLastIndex(at -> at < x.4, h_at)]),
        arrayMap((n, start, due, stop) -> arrayMap(at -> (n, toString(s_org[at]), toString(s_step[at]), surely(local_day(start), local_day(assumeNotNull(due)), after(assumeNotNull(due)))),
                -- the run that ended with the clock, else the one that was never closed and ended with the case
                [arrayFirst(k -> k > 0, [arrayFirstIndex((t, e) -> t = start AND ifNull(e = stop, false), s_start_at, s_end_at), arrayFirstIndex((t, e) -> t = start AND isNull(e), s_start_at, s_end_at)])])[1],
            arrayFilter((x, c, d) -> c = 'K6' AND isNotNull(d), k_no, k_clock, k_due_at), arrayFilter((x, c, d) -> c = 'K6' AND isNotNull(d), k_start_at, k_clock, k_due_at),
            arrayFilter((x, c, d) -> c = 'K6' AND isNotNull(d), k_due_at, k_clock, k_due_at), arrayFilter((x, c, d) -> c = 'K6' AND isNotNull(d), k_stop_at, k_clock, k_due_at))) AS co_steps,
    arrayLastIndex(t -> t <= silent_at, h_at) AS i,
    arrayConcat(
        if(silent_at < forever AND ifNull(opinion_at >= silent_at, true),
            [('', toString(org_code), '', silent_at)], []),
        arrayMap(x -> (concat('K6/', toString(x.1)), x.2, x.3, x.4), co_steps)) AS silences
    SELECT source_sys, case_no AS subject_no, region_code, task_code, toString(window_id) AS window_id, toString(staff_id) AS staff_id, parent_case_no, calendar_version,
        opinion_at, deemed_at, h_promise_due[i] AS promise_due, toString(JSONExtractBool(item_payload, 'deemed_consent')) AS tacit_consent, silences
    FROM ({{joint_subs}}) AS c
    LEFT JOIN ({{joint_item_payloads}}) AS it ON c.task_code = it.item_code AND c.task_version = it.item_version
    WHERE h_excluded[-1] != 'incomplete'
)
ARRAY JOIN silences AS silence
