-- purpose: The clocks of one hotline ticket as of its last fact.
-- grain: one row per run of a clock
-- param: source String = source system
-- param: ticket_no String = ticket number
-- param: as_of DateTime64(3,'UTC') = clocks that start later are left out
-- column: clock String = T1 to T10 of domain guide 3
-- column: run_no UInt16 = number of the run, from 1
-- column: limit_n Nullable(Int32) = limit in its unit; null = none
-- column: unit String = W working day, C calendar day, H hour, M month
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment; null = no limit
-- column: stop_at Nullable(DateTime64(3,'UTC')) = null while it runs
-- column: outcome String = running, met, missed, cancelled or unlimited
-- column: is_overdue Bool = stopped after its due, or running past it at as_of
-- source: domain guide 3
SELECT
    clock, run_no, start_at, limit_n, unit, due_at, stop_at, paused_days, extended_days, outcome, provisional,
    ifNull(coalesce(stop_at, {as_of:DateTime64(3,'UTC')}) > due_at, false) AS is_overdue
FROM tickets FINAL
ARRAY JOIN
    k_clock AS clock, k_no AS run_no, k_start_at AS start_at, k_due_at AS due_at, k_stop_at AS stop_at,
    k_limit AS limit_n, k_unit AS unit, k_paused_days AS paused_days, k_extended_days AS extended_days,
    k_outcome AS outcome, k_provisional AS provisional
WHERE source_sys = {source:String} AND ticket_no = {ticket_no:String} AND start_at <= {as_of:DateTime64(3,'UTC')}
ORDER BY start_at, clock, run_no
