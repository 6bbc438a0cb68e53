-- One row per case and asked period. Columns ending in _then are those at the end of
-- the period, for what is open there (C1); the others are as of as_of, for
-- what happened in the period. A figure by month sees every month's end, so that
-- an open overdue case counts in each of them. A period that ended before a case was
-- reopened keeps the end that the case had in it.
-- by_law: judged by the legal due. A case that ended without a result is out of the
-- figures by a due that had not passed (C2, C3), and late by one that had (C1).
-- include: case_filter, period_array
WITH
    '{{bucket}}' AS bucket,
    if(bucket = '', 'day', bucket) AS bucket_unit,
    transform(bucket, ['month', 'quarter', 'year'], [1, 3, 12], 0) AS bucket_months,
    transform(bucket, ['day', 'week'], [1, 7], 0) AS bucket_days,
    arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i,
    greatest({from:DateTime64(3,'UTC')}, least(first_at, h_at[1])) AS begin,
    if(h_state[i] IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended'), {{instant_until}}, least({{instant_until}}, addMilliseconds(h_at[i], 1))) AS end,
    toDate(dateTrunc(bucket_unit, begin, 'Asia/Shanghai')) AS first_day,
    arrayCount(x -> x < p.2, h_at) AS j,
    -- the changes of the history that reopened the case: a void leaves no pause behind
    arrayFilter((k, at, stop, before) -> isNull(stop) AND isNotNull(before) AND arrayExists((a, b) -> ifNull(a = before AND b = at, false), p_from_at, p_until_at),
        arrayEnumerate(h_at), h_at, h_stop_at, arrayPopBack(arrayPushFront(h_stop_at, NULL))) AS reopenings,
    arrayFirst(k -> h_at[k] >= p.2 AND k <= i, reopenings) AS reopened,
    if(reopened > 0, reopened - 1, i) AS q
SELECT
    source_sys, case_no, region_code, org_code, handle_org, task_code, task_version, item_type, project_type,
    channel, window_id, staff_id, source_due_at, source_on_time, calendar_version, result_type, attributes,
    p.1 AS period_from,
    p.2 AS period_until,
    p.3 AS period_at,
    h_state[i] AS state,
    h_excluded[q] AS excluded,
    h_applied_at[i] AS applied_at,
    h_accepted_at[i] AS accepted_at,
    h_finished_at[i] AS finished_at,
    h_stop_at[q] AS stop_at,
    h_promise_due[q] AS promise_due,
    h_legal_due[q] AS legal_due,
    h_promise_basis[q] AS promise_basis,
    h_net_days[q] AS net_days,
    h_margin_days[q] AS margin_days,
    arrayLast((u, clock) -> clock = 'K3', k_unit, k_clock) AS limit_unit,
    h_state[j] AS state_then,
    h_excluded[j] AS excluded_then,
    h_stop_at[j] AS stop_then,
    h_promise_due[j] AS promise_due_then,
    h_legal_due[j] AS legal_due_then,
    state_then IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended') AS is_open_then,
    ifNull(h_pause_until[j] >= period_at, false) AS is_paused_then,
    ifNull(h_legal_pause_until[j] >= period_at, false) AS is_paused_by_law_then,
    ifNull(stop_at >= period_from AND stop_at < period_until, false) AS is_end_here,
    excluded = '' AND is_end_here AS is_stopped_here,
    is_end_here AND if(h_state[q] IN ('withdrawn', 'terminated', 'not_accepted') AND isNull(h_decided_at[q])
            AND excluded IN ('', 'withdrawn', 'terminated_by_applicant', 'terminated_before_due', 'not_accepted'),
        ifNull(stop_at > legal_due, false), excluded = '') AS is_stopped_by_law_here,
    NOT is_stopped_here AND excluded_then = '' AND is_open_then AND NOT is_paused_then AND isNull(stop_then) AS is_running_then,
    NOT is_stopped_by_law_here AND excluded_then = '' AND is_open_then AND NOT is_paused_by_law_then AND isNull(stop_then) AS is_running_by_law_then
FROM cases FINAL
ARRAY JOIN {{period_array}} AS p
WHERE i > 0 AND h_excluded[i] NOT IN ('void', 'test', 'secret') AND {{case_filter}}
