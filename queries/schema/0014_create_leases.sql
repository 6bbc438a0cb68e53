-- Who may write the states of a shard: claims, one row per claim and beat.
-- A holder is seen to live by its changing beat, never by comparing clocks.
CREATE TABLE IF NOT EXISTS leases
(
    name LowCardinality(String) COMMENT 'what the lease guards',
    epoch UInt64 COMMENT 'one more than that of the holder before',
    owner String COMMENT 'random, one per process',
    instance String COMMENT 'name that outlives the process; empty = none',
    beat UInt64 COMMENT '0 = claimed, not yet held; then rising',
    released Bool,
    version_limit UInt64 COMMENT 'the holder writes no state with this fold_version or a higher one; the next holder none below it',
    at DateTime64(3, 'UTC') COMMENT 'clock of the owner, to be read by people'
)
ENGINE = ReplacingMergeTree(beat)
ORDER BY (name, epoch, owner)
