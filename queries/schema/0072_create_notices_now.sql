-- Every notice once, as it stands: what one process sent is sent; otherwise the
-- highest fold version speaks.
CREATE VIEW IF NOT EXISTS notices_now AS
SELECT *
FROM
(
    SELECT *
    FROM notices FINAL
    ORDER BY notice_id, owner, fold_version DESC
    LIMIT 1 BY notice_id, owner
)
ORDER BY notice_id, state = 'sent' DESC, fold_version DESC
LIMIT 1 BY notice_id
