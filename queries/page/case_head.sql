-- purpose: Everything that is known of one case as of an instant.
-- grain: one row for the case, none when it had no fact yet
-- param: source String = source system
-- param: case_no String = case number in that system
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- column: state String = state of domain guide 1.3
-- column: excluded String = why the case is out of timeliness figures; empty = it counts
-- column: promise_due Nullable(DateTime64(3,'UTC')) = promised due moment; null = none
-- column: legal_due Nullable(DateTime64(3,'UTC')) = statutory due moment; null = none
-- column: source_due_at Nullable(DateTime64(3,'UTC')) = deadline that the source itself gave
-- column: stop_at Nullable(DateTime64(3,'UTC')) = stop of the promised and legal clocks
-- column: pause_until Nullable(DateTime64(3,'UTC')) = last instant of an open pause
-- column: net_days Nullable(Int32) = working days from start to stop without pauses
-- column: limit_unit String = unit of the promised limit (W, C, H or M); empty = none, or a due of its source
-- column: margin_days Nullable(Int32) = working days from stop to promised due; negative = overdue
-- source: domain guide 2
WITH arrayLastIndex(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
SELECT
    source_sys, case_no,
    h_state[i] AS state,
    h_excluded[i] AS excluded,
    c.region_code AS region_code, c.org_code AS org_code, accept_org, handle_org,
    c.task_code AS task_code, task_version, item_type, project_type, channel, window_id, staff_id,
    project_code, parent_case_no,
    mapKeys(attributes) AS attribute_keys, mapValues(attributes) AS attribute_values,
    is_test, secret OR hidden AS secret, conflict, item_known, first_at, last_at,
    h_applied_at[i] AS applied_at,
    h_accepted_at[i] AS accepted_at,
    h_decided_at[i] AS decided_at,
    h_finished_at[i] AS finished_at,
    h_delivered_at[i] AS delivered_at,
    h_stop_at[i] AS stop_at,
    h_promise_due[i] AS promise_due,
    h_promise_basis[i] AS promise_basis,
    h_legal_due[i] AS legal_due,
    source_due_at, source_on_time,
    h_provisional[i] AS provisional,
    h_pause_until[i] AS pause_until,
    h_deemed[i] AS deemed,
    h_net_days[i] AS net_days,
    h_margin_days[i] AS margin_days,
    arrayLast((u, clock) -> clock = 'K3', k_unit, k_clock) AS limit_unit,
    h_legal_margin_days[i] AS legal_margin_days,
    h_corrections[i] AS corrections, h_visits[i] AS visits, h_suspensions[i] AS suspensions, h_extensions[i] AS extensions,
    facts, activities, illegal_transitions, result_type, calendar_version, folded_at
FROM cases AS c FINAL
WHERE source_sys = {source:String} AND case_no = {case_no:String} AND i > 0
