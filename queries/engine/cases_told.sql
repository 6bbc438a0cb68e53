-- purpose: Tell when the first word about cases arrived, to see which of them were told as a whole after their card was due.
-- grain: one row per case
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- column: source String = source system
-- column: number String = case
-- column: told_at DateTime64(3,'UTC') = when its first fact arrived
-- source: docs/supervision.md section 1
SELECT toString(source_sys) AS source, case_no AS number, min(received_at) AS told_at
FROM case_events
PREWHERE (source_sys, case_no) IN (SELECT a.1, a.2 FROM (SELECT arrayJoin(arrayZip({sources:Array(String)}, {numbers:Array(String)})) AS a))
GROUP BY source_sys, case_no
