-- purpose: Read the notices that are to be sent now.
-- grain: one row per notice that is not sent, failed or without recipient
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- param: at DateTime64(3,'UTC') = now
-- param: max_rows UInt32 = at most this many: red cards, then the oldest
-- column: events Array(String) = what it is about
WITH open AS
(
    -- Without FINAL: ten times as fast, and what is too much is sorted out below.
    SELECT DISTINCT notice_id
    FROM notices
    WHERE window_at >= {since:DateTime64(3,'UTC')} AND state IN ('queued', 'held', 'sending') AND next_at <= {at:DateTime64(3,'UTC')}
)
SELECT notice_id, message_id, window_at, events, org_code, person, rung, channel, severity, state, attempt, reason, possible_repeat,
    next_at, created_at
FROM
(
    SELECT *
    FROM
    (
        SELECT *
        FROM notices FINAL
        WHERE notice_id IN (SELECT notice_id FROM open)
        ORDER BY notice_id, owner, fold_version DESC
        LIMIT 1 BY notice_id, owner
    )
    ORDER BY notice_id, state = 'sent' DESC, fold_version DESC
    LIMIT 1 BY notice_id
)
WHERE state IN ('queued', 'held', 'sending') AND next_at <= {at:DateTime64(3,'UTC')}
ORDER BY severity = 'red' DESC, next_at, notice_id
LIMIT {max_rows:UInt32}
