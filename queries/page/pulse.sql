-- purpose: Whether anything happened to alerts or work: what open pages ask every few seconds.
-- grain: one row
-- column: alerts UInt64 = lines in the history of alerts
-- column: work UInt64 = lines in the history of work
-- Both histories only grow, and counting lines reads no column of them.
SELECT (SELECT count() FROM alert_events) AS alerts, (SELECT count() FROM work_events) AS work
