-- purpose: The clocks of one case; those that only an acceptance by law starts are left out until it happens.
-- grain: one row per run of a clock
-- param: source String = source system
-- param: case_no String = case number
-- param: as_of DateTime64(3,'UTC') = clocks that start later are left out
-- column: clock String = K1 … K12 of domain guide 2.3
-- column: run_no UInt16 = number of the run, from 1
-- column: limit_n Nullable(Int32) = limit in its unit; null = none
-- column: unit String = W working day, C calendar day, H hour, M month
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment; null = no limit
-- column: stop_at Nullable(DateTime64(3,'UTC')) = null while it runs
-- column: outcome String = running, met, missed, cancelled or unlimited
-- column: is_overdue Bool = stopped after its due, or running past it at as_of
-- source: domain guide 2.3
-- K9 of a joint case ends with facts of its sub-cases, so it is in no state: it is what
-- the rule R-JNT-01 found.
SELECT *
FROM
(
    SELECT
        toString(clock) AS clock, run_no, start_at, limit_n, toString(unit) AS unit, due_at, stop_at, paused_days, extended_days,
        if(ended = 'missed' AND isNull(stop_at) AND ifNull(due_at >= {as_of:DateTime64(3,'UTC')}, true), 'running', ended) AS outcome, provisional,
        ifNull(coalesce(stop_at, {as_of:DateTime64(3,'UTC')}) > due_at, false) AS is_overdue
    FROM cases FINAL
    ARRAY JOIN
        k_clock AS clock, k_no AS run_no, k_start_at AS start_at, k_due_at AS due_at, k_stop_at AS stop_at,
        k_limit AS limit_n, k_unit AS unit, k_paused_days AS paused_days, k_extended_days AS extended_days,
        k_outcome AS ended, k_provisional AS provisional
    WHERE source_sys = {source:String} AND case_no = {case_no:String} AND start_at <= {as_of:DateTime64(3,'UTC')}
        AND NOT (clock IN ('K3', 'K4') AND h_deemed[-1] AND isNull(h_accepted_at[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)]))
    UNION ALL
    SELECT
        'K9', 1, accepted_at, joint_days + added_days, 'W', due_at, ended_at, done_between_days, added_days,
        multiIf(isNotNull(ended_at), if(ended_at <= due_at, 'met', 'missed'), due_at >= {as_of:DateTime64(3,'UTC')}, 'running', 'missed'), false,
        ifNull(coalesce(ended_at, {as_of:DateTime64(3,'UTC')}) > due_at, false)
    FROM
    (
        SELECT due_at, toInt32(evidence['joint_days']) AS joint_days, toInt32(evidence['added_days']) AS added_days, toInt32OrZero(evidence['done_between_days']) AS done_between_days,
            parseDateTime64BestEffort(evidence['accepted_at'], 3, 'UTC') AS accepted_at, parseDateTime64BestEffortOrNull(evidence['ended_at'], 3, 'UTC') AS ended_at
        FROM alert_chains FINAL
        WHERE subject_kind = 'case' AND source_sys = {source:String} AND subject_no = {case_no:String} AND rule_id = 'R-JNT-01' AND clock_no = '' AND NOT gone AND evidence['clock'] = 'K9'
        ORDER BY rule_version DESC
        LIMIT 1
    )
    WHERE accepted_at <= {as_of:DateTime64(3,'UTC')}
)
ORDER BY start_at, clock, run_no
