-- Which version of the calendar was put into force when, by whom and why. Rows are only added; the newest one counts.
CREATE TABLE IF NOT EXISTS calendar_in_force
(
    put_at DateTime64(3, 'UTC'),
    version String,
    put_by String COMMENT 'user id; cli:NAME = a login of the machine, on the command line',
    reason String
)
ENGINE = ReplacingMergeTree
ORDER BY (put_at, version)
