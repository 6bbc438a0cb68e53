-- purpose: Count the statements that still write into the ledger of movements, whoever began them.
-- grain: one row
-- column: running UInt64 = statements of writers that the server has not ended
SELECT count() AS running
FROM system.processes
WHERE current_database = currentDatabase() AND startsWith(query_id, 'duban-movements-')
