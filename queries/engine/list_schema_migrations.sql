-- purpose: List the migrations that this database has seen, with their last status.
-- grain: one row per migration
-- column: name String = name of the migration
-- column: status String = started or done
-- column: checksum String = SHA-256 of the text that was run
SELECT
    name,
    if(countIf(status = 'done') > 0, 'done', 'started') AS status,
    argMax(checksum, at) AS checksum
FROM schema_migrations
GROUP BY name
ORDER BY name
