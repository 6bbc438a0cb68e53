-- purpose: Name the tables of this database that hold data, for a copy of it.
-- grain: one row per table
-- column: name String = table
-- What a page or a notice alone needs stays out of the copy.
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND endsWith(engine, 'MergeTree') AND name NOT IN ('schema_migrations', 'audit_log', 'notices', 'notice_cursors', 'ingest_rejects', 'risk_backtests', 'calendar_moves')
ORDER BY name
