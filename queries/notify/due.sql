-- purpose: Read the notices that are to be sent now.
-- grain: one row per notice that is not sent, failed or without recipient
-- include: open_notices
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- param: at DateTime64(3,'UTC') = now
-- param: max_rows UInt32 = at most this many: red cards, then the oldest
-- column: notice_id String = identity
-- column: window_at DateTime64(3,'UTC') = begin of its window
-- column: org_code String = organisation; empty = none
-- column: person String = user id; empty = nobody was found
-- column: rung String = rung of the ladder that it goes to
-- column: channel String = kind of channel
-- column: severity String = severity
-- column: state String = state
-- column: reason String = why there is no recipient, or why sending failed; empty = neither
-- column: next_at DateTime64(3,'UTC') = when it is to be sent
-- column: message_id String = identity of the message; empty = not put together yet
-- column: attempt UInt16 = attempts so far
-- column: possible_repeat Bool = it may have been sent once before
-- column: created_at DateTime64(3,'UTC') = when it was planned
-- column: events Array(String) = what it is about
SELECT notice_id, message_id, window_at, events, org_code, person, rung, channel, severity, state, attempt, reason, possible_repeat,
    next_at, created_at
FROM ({{open_notices}})
ORDER BY severity = 'red' DESC, next_at, notice_id
LIMIT {max_rows:UInt32}
