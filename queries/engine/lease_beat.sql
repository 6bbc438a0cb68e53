-- purpose: Claim, keep or release a lease.
-- grain: one row: one beat of one claim
-- param: name String = what the lease guards
-- param: epoch UInt64 = epoch of the claim
-- param: owner String = who claims
-- param: instance String = name that outlives the process
-- param: beat UInt64 = 0 for a claim, rising while it is held
-- param: released Bool = the owner gives it up
-- param: version_limit UInt64 = fold versions stay below it
-- param: at DateTime64(3,'UTC') = clock of the owner
INSERT INTO leases (name, epoch, owner, instance, beat, released, version_limit, at)
SELECT {name:String}, {epoch:UInt64}, {owner:String}, {instance:String}, {beat:UInt64}, {released:Bool}, {version_limit:UInt64}, {at:DateTime64(3,'UTC')}
