-- Which passes over the ledger of movements are through: a figure as known at an instant is the sum of the
-- rows recorded by the last of them before it. What an instant within a pass has seen is half of it.
CREATE TABLE IF NOT EXISTS movement_passes
(
    known_at DateTime64(3, 'UTC') COMMENT 'all rows of the pass were recorded by then, those of the next one are later' CODEC(DoubleDelta, ZSTD(1)),
    through UInt64 COMMENT 'fold version up to which the ledger held what the states say' CODEC(ZSTD(1)),
    round UInt64 COMMENT 'last version under which rows were written' CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY known_at
