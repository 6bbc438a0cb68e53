-- One row per ticket that counts and had a fact by as_of: its state then, of whatever organisation. What answers
-- for an earlier instant (a dispatch, a visit, a reply) says itself whose it was, and is filtered by that.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- include: ticket_filter
SELECT
    source_sys, ticket_no, region_code, channel, kind, called_number, ticket_topic, case_no, repeat_of, urgent,
    source_due_at, source_on_time, calendar_version, attributes,
    h_at[1] AS begun_at,
    h_state[i] AS state,
    h_excluded[i] AS excluded,
    h_org[i] AS org_code,
    h_received_at[i] AS received_at,
    h_dispatched_at[i] AS dispatched_at,
    h_stop_at[i] AS stop_at,
    h_closed_at[i] AS closed_at,
    h_due_at[i] AS due_at,
    h_due_basis[i] AS due_basis,
    h_provisional[i] AS provisional,
    h_net_days[i] AS net_days,
    h_margin_days[i] AS margin_days,
    h_redos[i] AS redos,
    h_extensions[i] AS extensions,
    h_missed_due[i] AS missed_due,
    h_missed_org[i] AS missed_org,
    coalesce(missed_due, due_at) AS due_counted,
    h_at, h_excluded, h_org, h_kind, h_stop_at, h_closed_at,
    k_clock, k_start_at, k_due_at, k_stop_at, k_outcome, f_type, f_at, f_org, f_legal, f_state, f_payload,
    arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
FROM tickets FINAL
WHERE i > 0 AND h_excluded[i] NOT IN ('void', 'test', 'secret')
    AND {{ticket_filter}}
