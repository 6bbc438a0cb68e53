-- purpose: List the parts that the server found broken and set aside.
-- grain: one row per part
-- column: table String = name of the table
-- column: name String = name of the folder below detached
-- column: partition_id String = partition of the part, empty when its name says nothing
-- column: first_block Int64 = lowest number of an insert that was in it
-- column: last_block Int64 = highest number of an insert that was in it
-- column: reason String = why the server set it aside
SELECT table, name, ifNull(partition_id, '') AS partition_id, ifNull(min_block_number, 0) AS first_block, ifNull(max_block_number, 0) AS last_block,
    ifNull(reason, '') AS reason
FROM system.detached_parts
WHERE database = currentDatabase() AND (startsWith(ifNull(reason, ''), 'broken') OR reason IN ('covered-by-broken', 'unexpected'))
ORDER BY table, name
