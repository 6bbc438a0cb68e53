-- purpose: List the parts of the tables that are in use, to see whether one is broken or gone.
-- grain: one row per active part
-- column: table String = name of the table
-- column: name String = name of the part
-- column: partition_id String = its partition
-- column: first_block Int64 = lowest number of an insert that is in it
-- column: last_block Int64 = highest number of an insert that is in it
-- column: rows UInt64 = rows, repeated ones of a replacing table included
-- column: path String = its folder
SELECT table, name, partition_id, min_block_number AS first_block, max_block_number AS last_block, rows, path
FROM system.parts
WHERE database = currentDatabase() AND active
ORDER BY table, partition_id, first_block, name
