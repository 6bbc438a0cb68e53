-- The ledger under the figures: one row for each instant at which a subject begins (n > 0) or
-- ceases (n < 0) to count in a measure. Rows are added, never changed: a figure as known at K is the
-- sum of the rows with known_at <= K. What is counted in the period [from, until) as of an instant:
-- the rows with at < until, counted_from >= from and since <= as of, where
--   since = at + late_ms: as of when it counts; more than at where it was said later (void, amend)
--   counted_from = at - behind_ms: the deciding instant; behind_ms = -1: a stock, in every period from at on
-- Half a millisecond in at is "the instant after": what is due at an instant is late from the next on.
CREATE TABLE IF NOT EXISTS movements
(
    measure LowCardinality(String),
    at DateTime64(4, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    late_ms Int64 CODEC(ZSTD(1)),
    behind_ms Int64 CODEC(ZSTD(1)),
    facets UInt16 COMMENT 'bits, see queries/fragment/case_movements.sql and ticket_movements.sql' CODEC(ZSTD(1)),
    value Int32 COMMENT 'duration in the unit of the measure' CODEC(ZSTD(1)),
    n Int16 CODEC(ZSTD(1)),
    source_sys LowCardinality(String),
    region_code LowCardinality(String),
    org_code LowCardinality(String),
    task_code LowCardinality(String),
    item_type LowCardinality(String),
    project_type LowCardinality(String),
    channel LowCardinality(String),
    window_id LowCardinality(String),
    kind LowCardinality(String) COMMENT 'type of ticket',
    called_number LowCardinality(String),
    subject_kind LowCardinality(String),
    subject String CODEC(ZSTD(1)),
    known_at DateTime64(3, 'UTC') COMMENT 'when the row was recorded' CODEC(DoubleDelta, ZSTD(1)),
    round UInt64 COMMENT 'version under which it was recorded' CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (measure, at)
