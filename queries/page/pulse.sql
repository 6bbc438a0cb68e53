-- purpose: Whether anything happened to alerts or work: what open pages ask every few seconds.
-- grain: one row
-- column: alerts UInt64 = last round that added to the history of alerts
-- column: alert_lines UInt64 = lines that it added
-- column: work UInt64 = last round that added to the history of work
-- column: work_lines UInt64 = lines that it added
-- Counting the lines of the tables would not do: an insert that is repeated adds lines
-- until a merge takes them away, and nothing has happened. Rounds only grow, and the lines of
-- one are counted by their identity.
WITH
    (SELECT max(fold_version) FROM alert_events) AS alert_round,
    (SELECT max(fold_version) FROM work_events) AS work_round
SELECT alert_round AS alerts, (SELECT uniqExact(alert_id, seq) FROM alert_events WHERE fold_version = alert_round) AS alert_lines,
    work_round AS work, (SELECT uniqExact(kind, id, seq) FROM work_events WHERE fold_version = work_round) AS work_lines
