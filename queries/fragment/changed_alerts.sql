-- The alerts whose history grew in a range of fold versions, with when each was
-- announced, or announced again, last.
-- param: after_version UInt64 = fold version up to which this was done
-- param: until_version UInt64 = … and is done now
SELECT alert_id, maxIf(recorded_at, event IN ('raised', 'upgraded', 'confirm', 'reopen')) AS announced_at, argMax(toString(event), seq) AS last_event
FROM alert_events FINAL
WHERE alert_id IN (SELECT alert_id FROM alert_events WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64})
GROUP BY alert_id
