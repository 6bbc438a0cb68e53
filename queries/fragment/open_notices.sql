-- The notices that are neither sent, failed nor without recipient and whose turn has come,
-- one row each: what one process sent is sent; otherwise the highest fold version speaks.
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- param: at DateTime64(3,'UTC') = their turn comes at this instant or before
SELECT *
FROM
(
    SELECT *
    FROM
    (
        SELECT *
        FROM notices FINAL
        WHERE notice_id IN
        (
            -- Without FINAL: ten times as fast, and what is too much is sorted out around it.
            SELECT DISTINCT notice_id
            FROM notices
            WHERE window_at >= {since:DateTime64(3,'UTC')} AND state IN ('queued', 'held', 'sending') AND next_at <= {at:DateTime64(3,'UTC')}
        )
        ORDER BY notice_id, owner, fold_version DESC
        LIMIT 1 BY notice_id, owner
    )
    ORDER BY notice_id, state = 'sent' DESC, fold_version DESC
    LIMIT 1 BY notice_id
)
WHERE state IN ('queued', 'held', 'sending') AND next_at <= {at:DateTime64(3,'UTC')}
