-- One row per case that counts and had a fact by as_of: its state then. Region,
-- organisation, item and channel are those at acceptance (C8) as known today.
-- include: case_filter
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
SELECT
    source_sys, case_no, region_code, org_code, handle_org, task_code, task_version, item_type, project_type,
    channel, window_id, staff_id, source_due_at, source_on_time, calendar_version, result_type, attributes,
    channel IN ('web', 'app', 'mini_program', 'auto') AS is_online,
    ifNull(arrayLast((days, clock) -> clock = 'K3', k_limit, k_clock) = 0, false) AS is_immediate,
    h_at[1] AS begun_at,
    h_state[i] AS state,
    h_excluded[i] AS excluded,
    h_applied_at[i] AS applied_at,
    h_accepted_at[i] AS accepted_at,
    h_decided_at[i] AS decided_at,
    h_finished_at[i] AS finished_at,
    h_delivered_at[i] AS delivered_at,
    h_stop_at[i] AS stop_at,
    h_promise_due[i] AS promise_due,
    h_promise_basis[i] AS promise_basis,
    h_legal_due[i] AS legal_due,
    h_provisional[i] AS provisional,
    h_pause_until[i] AS pause_until,
    h_deemed[i] AS deemed,
    h_net_days[i] AS net_days,
    h_margin_days[i] AS margin_days,
    h_legal_margin_days[i] AS legal_margin_days,
    h_corrections[i] AS corrections,
    h_visits[i] AS visits,
    h_suspensions[i] AS suspensions,
    h_extensions[i] AS extensions,
    s_step, s_org, s_start_at, s_end_at, s_net_days, s_wait_hours,
    state IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended') AS is_open,
    state IN ('decided', 'finished', 'delivered') AS is_finished,
    arrayMin(arrayFilter(x -> isNotNull(x), [decided_at, finished_at, delivered_at])) AS completed_at,
    JSONExtractString(f_payload[arrayLastIndex((t, at) -> t = 'deliver' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at)], 'method') AS delivery_method,
    arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
FROM cases FINAL
WHERE i > 0 AND h_excluded[i] NOT IN ('void', 'test', 'secret') AND {{case_filter}}
