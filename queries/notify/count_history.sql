-- purpose: Count the announced events that are too old to be told of, such as those of history that was loaded.
-- grain: one row
-- param: after_version UInt64 = counted up to this fold version …
-- param: until_version UInt64 = … and now up to this one
-- param: effective_since DateTime64(3,'UTC') = what happened before is history
-- column: events UInt64 = how many
SELECT uniqExact(alert_id, seq) AS events
FROM alert_events
WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
    AND effective_at < {effective_since:DateTime64(3,'UTC')}
