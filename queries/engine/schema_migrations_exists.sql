-- purpose: Tell whether this database was ever migrated.
-- grain: one row when the table of migrations exists, none otherwise
-- column: name String = name of the table
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND name = 'schema_migrations'
