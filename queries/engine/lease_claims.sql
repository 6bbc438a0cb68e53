-- purpose: Read who holds or claims a lease.
-- grain: one row per claim
-- param: name String = what the lease guards
-- column: epoch UInt64 = epoch of the lease
-- column: owner String = process that holds or claims it
-- column: instance String = name of that engine across restarts; empty = none
-- column: beat UInt64 = 0 = claimed and not yet held
-- column: released Bool = given back
-- column: version_limit UInt64 = fold version that the epoch does not reach
SELECT epoch, owner, instance, beat, released, version_limit
FROM leases FINAL
WHERE name = {name:String}
ORDER BY epoch DESC, beat > 0 DESC, owner
