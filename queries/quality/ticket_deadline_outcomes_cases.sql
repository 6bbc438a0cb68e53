-- purpose: The tickets behind the outcomes of deadlines.
-- grain: one row per ticket
-- param: outcome String ? = one outcome (on_time, late, open_overdue, open_in_time, paused, stopped_no_due, open_no_due, excluded); empty = all
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: due_at Nullable(DateTime64(3,'UTC')) = the due of the basis asked for; null = none
-- source: domain guide 5.1
-- include: rows_ticket_outcomes
WITH figure_rows AS
(
{{rows_ticket_outcomes}}
)
SELECT source_sys, ticket_no, outcome, region_code, org_code, channel, state, excluded, bucket_at AS began_at, due_at, stop_at, source_on_time
FROM figure_rows
WHERE {outcome:String} = '' OR outcome = {outcome:String}
ORDER BY bucket_at, source_sys, ticket_no
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
