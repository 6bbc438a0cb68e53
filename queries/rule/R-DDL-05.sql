-- purpose: Stale case: open and nothing was said about it for many working days.
-- grain: one row per case that was ever stale, or will be when nothing more happens
-- include: workdays, rule_steps, limit_history, limit_subjects
-- param: stale_days UInt16 = working days without any fact
-- source: domain guide 6.2, R-DDL-05
-- Stale from the end of the stale_days-th working day after the day of the last
-- fact, until the next fact of any kind (mode A). Open is every state from
-- submission to decision, waiting for the applicant's correction included: the
-- authority may remind or terminate. A suspended case has its own clock (K7,
-- R-DDL-09), one that waits for a fee that stops the clocks is not stale. What
-- lapse of time brings about (acceptance by law) is no fact. Excluded cases are
-- left out: a case without beginning is the subject of R-DAT-02.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, handle_org AS org_code, region_code, task_code, window_id, staff_id,
    spans(stale.1, stale.2, 'warning') AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('state', toString(h_state[stale[-1].3]), 'last_fact_at', toString(arrayLast(t -> t < stale[-1].1, f_at)), 'last_fact', toString(arrayLast((k, t) -> t < stale[-1].1, f_type, f_at)),
        'stale_days', toString({stale_days:UInt16}), 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    SELECT *, arrayFilter(p -> h_state[p.3] IN ('submitted', 'correcting', 'accepted', 'processing') AND h_excluded[p.3] = '' AND isNull(h_pause_until[p.3]),
        arrayMap(g -> (g.1, g.2, arrayLastIndex(x -> x <= g.1, h_at)), gaps)) AS stale
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *, arrayFilter(g -> g.1 < g.2, arrayMap(
            (t, last_day, next) -> (if(published(local_day(t), last_day), after(day_end(last_day)), forever), next),
            f_at, arrayMap(t -> add_wd(local_day(t), {stale_days:UInt16}), f_at), arrayPushBack(arrayPopFront(f_at), forever))) AS gaps
        FROM ({{limit_subjects}})
    )
    WHERE notEmpty(gaps)
)
WHERE notEmpty(stale)
