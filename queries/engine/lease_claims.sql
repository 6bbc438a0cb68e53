-- purpose: Read who holds or claims a lease.
-- grain: one row per claim
-- param: name String = what the lease guards
-- column: beat UInt64 = 0 = claimed and not yet held
SELECT epoch, owner, instance, beat, released, version_limit
FROM leases FINAL
WHERE name = {name:String}
ORDER BY epoch DESC, beat > 0 DESC, owner
