-- purpose: Find copies of a database that an explanation of a change was made on and that were never taken away.
-- grain: one row per database
-- param: prefix String = what the names of such copies begin with
-- param: before DateTime64(3,'UTC') = copies whose last table was made before this instant are of a process that was killed
-- column: name String = name of the database
SELECT database AS name
FROM system.tables
WHERE startsWith(database, {prefix:String})
GROUP BY database
HAVING max(metadata_modification_time) < {before:DateTime64(3,'UTC')}
ORDER BY name
