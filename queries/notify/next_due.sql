-- purpose: Tell when the next notice is to be sent.
-- grain: one row
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- column: next Nullable(DateTime64(3,'UTC')) = the earliest of those that are neither sent nor given up; null = there is none
SELECT minOrNull(next_at) AS next
FROM
(
    SELECT *
    FROM
    (
        SELECT *
        FROM notices FINAL
        WHERE window_at >= {since:DateTime64(3,'UTC')}
            AND notice_id IN (SELECT notice_id FROM notices WHERE window_at >= {since:DateTime64(3,'UTC')} AND state IN ('queued', 'held', 'sending'))
        ORDER BY notice_id, owner, fold_version DESC
        LIMIT 1 BY notice_id, owner
    )
    ORDER BY notice_id, state = 'sent' DESC, fold_version DESC
    LIMIT 1 BY notice_id
)
WHERE state IN ('queued', 'held', 'sending')
