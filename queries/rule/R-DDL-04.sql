-- purpose: Legal limit overdue: the legal due passed while the clock ran, or it stopped after it.
-- grain: one row per case that was ever over its legal due, or will be when nothing more happens
-- include: workdays, rule_steps, limit_history, limit_subjects
-- param: over_days UInt16 = working days over the promise that count as much where no legal limit applies
-- source: domain guide 6.2, R-DDL-04; Licensing Law arts. 42 and 45
-- A case without a legal limit (a process of its source's own) is red from 00:00
-- of the over_days-th working day after its promised due day: from then on
-- CountWD(due, now) is at least over_days. For the rest see R-DDL-03.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(assumeNotNull(over_at), 'red')] AS steps,
    coalesce(h_legal_due[i], h_promise_due[i]) AS due_at,
    map('clock', if(isNull(h_legal_due[i]), 'K3', 'K4'), 'basis', if(isNull(h_legal_due[i]), 'promise_far_over', 'legal'), 'accepted_at', ifNull(toString(h_accepted_at[i]), ''),
        'stopped_at', ifNull(toString(h_stop_at[-1]), ''),
        'limit_unit', toString(arrayLast((u, c) -> c = if(isNull(h_legal_due[i]), 'K3', 'K4'), k_unit, k_clock)), 'legal_days', ifNull(toString(arrayLast((x, c) -> c = 'K4', k_limit, k_clock)), ''),
        'extended_days', toString(arrayLast((x, c) -> c = 'K4', k_extended_days, k_clock)), 'paused_days', toString(k_paused_days[arrayLastIndex(c -> c = 'K3', k_clock)]),
        'calendar', calendar_version, 'calendar_provisional', toString(isNotNull(h_legal_due[i]) AND NOT published(local_day(assumeNotNull(h_accepted_at[i])), local_day(assumeNotNull(h_legal_due[i]))))) AS evidence
FROM
(
    SELECT *, arrayLastIndex(t -> t <= assumeNotNull(over_at), h_at) AS i
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}},
        {{limit_history}},
        due -> add_wd(local_day(due), {over_days:UInt16}) AS far_over
        SELECT *, over(arrayMap(
            (legal, promise) -> multiIf(
                isNotNull(legal), legal,
                isNotNull(promise), toNullable(addMilliseconds(surely(local_day(assumeNotNull(promise)), far_over(assumeNotNull(promise)), day_start(far_over(assumeNotNull(promise)))), -1)),
                NULL),
            sure_dues(h_legal_due, h_accepted_at), h_promise_due),
            arrayMap((legal, by_law, promised) -> if(isNull(legal), promised, by_law), h_legal_due, h_legal_pause_until, h_pause_until)) AS over_at
        FROM ({{limit_subjects}})
    )
    WHERE isNotNull(over_at) AND assumeNotNull(over_at) < addDays(forever, -1)
)
