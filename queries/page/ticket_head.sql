-- purpose: Everything that is known of one hotline ticket as of an instant.
-- grain: one row for the ticket, none when it had no fact yet
-- param: source String = source system
-- param: ticket_no String = ticket number in that system
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- column: state String = state of domain guide 3
-- column: excluded String = why the ticket is out of timeliness figures; empty = it counts
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment of T5; null = none
-- column: stop_at Nullable(DateTime64(3,'UTC')) = reply, or close where no reply came first
-- column: net_days Nullable(Int32) = working days from start to stop without pauses
-- column: margin_days Nullable(Int32) = working days from stop to due; negative = overdue
-- source: domain guide 3
WITH arrayLastIndex(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
SELECT
    source_sys, ticket_no,
    h_state[i] AS state,
    h_excluded[i] AS excluded,
    region_code, h_org[i] AS org_code, channel, kind, called_number, ticket_topic, case_no, repeat_of,
    mapKeys(attributes) AS attribute_keys, mapValues(attributes) AS attribute_values,
    urgent, is_test, secret OR hidden AS secret, conflict, first_at, last_at, source_due_at, source_on_time,
    h_received_at[i] AS ticket_received_at,
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
    facts, activities, illegal_transitions, calendar_version, folded_at
FROM tickets FINAL
WHERE source_sys = {source:String} AND ticket_no = {ticket_no:String} AND i > 0
