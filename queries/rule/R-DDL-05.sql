-- purpose: Stale case: open and nothing was said about it for many working days.
-- grain: one row per case that was ever stale, or will be when nothing more happens
-- include: workdays, rule_steps, case_runs, case_subjects, case_subjects_and_parents, joint_touched, joint_subs
-- param: stale_days UInt16 = working days without any fact
-- source: domain guide 6.2, R-DDL-05
-- Stale from the end of the stale_days-th working day after the day of the last
-- fact, until the next fact of any kind (mode A). Open is every state from
-- submission to decision, waiting for the applicant's correction included: the
-- authority may remind or terminate. A suspended case has its own clock (K7,
-- R-DDL-09), one that waits for a fee that stops the clocks is not stale. What
-- lapse of time brings about (acceptance by law) is no fact. Excluded cases are
-- left out: a case without beginning is the subject of R-DAT-02. What is told of the
-- sub-cases of a joint case is told of it, and while one of them is open it is not
-- stale: the sub-case is, where it is.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, handle_org AS org_code, region_code, task_code, window_id, staff_id,
    spans(stale.1, stale.2, 'warning') AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('state', toString(h_state[stale[-1].3]), 'last_fact_at', toString(arrayLast(f -> f.1 < stale[-1].1, told).1), 'last_fact', arrayLast(f -> f.1 < stale[-1].1, told).2,
        'stale_days', toString({stale_days:UInt16}), 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    SELECT *, arrayFilter(p -> h_state[p.3] IN ('submitted', 'correcting', 'accepted', 'processing') AND h_excluded[p.3] = '' AND isNull(h_pause_until[p.3]) AND NOT arrayExists(r -> r.1 <= p.1 AND r.2 > p.1, sub_runs),
        arrayMap(g -> (g.1, g.2, arrayLastIndex(x -> x <= g.1, h_at)), gaps)) AS stale
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *, arraySort(arrayConcat(arrayMap((t, k) -> (t, toString(k)), f_at, f_type), arrayMap(t -> (t, 'sub_case'), sub_facts))) AS told,
            arrayFilter(g -> g.1 < g.2, arrayMap(
                (t, last_day, next) -> (surely(local_day(t), last_day, after(day_end(last_day))), next),
                told.1, arrayMap(t -> add_wd(local_day(t), {stale_days:UInt16}), told.1), arrayPushBack(arrayPopFront(told.1), forever))) AS gaps
        FROM ({{case_subjects_and_parents}}) AS c
        LEFT JOIN
        (
            SELECT source_sys, parent_case_no AS parent_no, arrayFlatten(groupArray(f_at)) AS sub_facts, arrayFlatten(groupArray(arrayMap(r -> (greatest(r.1, first_at), r.2), runs))) AS sub_runs
            FROM (WITH {{workdays}}, {{rule_steps}}, {{case_runs}} SELECT *, case_runs AS runs FROM ({{joint_subs}}))
            GROUP BY source_sys, parent_case_no
        ) AS s ON s.source_sys = c.source_sys AND s.parent_no = c.case_no
    )
    WHERE notEmpty(gaps)
)
WHERE notEmpty(stale)
