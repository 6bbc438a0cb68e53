-- purpose: The history of one work item up to an instant.
-- grain: one row per event
-- param: kind String = order, rating, exposure or referral
-- param: id String = identity
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- column: seq UInt32 = order
-- column: event String = what happened
-- column: effective_at DateTime64(3,'UTC') = when the person acted
-- column: recorded_at DateTime64(3,'UTC') = when it was recorded
SELECT seq, event, state, effective_at, recorded_at, actor, role, org_code, reason, action_id, payload
FROM work_events FINAL
WHERE kind = {kind:String} AND id = {id:String} AND effective_at <= {as_of:DateTime64(3,'UTC')}
ORDER BY seq
