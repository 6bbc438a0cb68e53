-- purpose: Read the notices that are to be sent now.
-- grain: one row per notice that is not sent, failed or without recipient
-- include: open_notices
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- param: at DateTime64(3,'UTC') = now
-- param: max_rows UInt32 = at most this many: red cards, then the oldest
-- column: events Array(String) = what it is about
SELECT notice_id, message_id, window_at, events, org_code, person, rung, channel, severity, state, attempt, reason, possible_repeat,
    next_at, created_at
FROM ({{open_notices}})
ORDER BY severity = 'red' DESC, next_at, notice_id
LIMIT {max_rows:UInt32}
