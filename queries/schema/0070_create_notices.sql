-- What was sent to whom, by which channel, with what result. Addresses are not
-- here: only who and by which kind of channel. A notice has one row per fold
-- version that touched it, so that two engines that work on it at once see each
-- other; its state is in notices_now.
CREATE TABLE IF NOT EXISTS notices
(
    notice_id String COMMENT 'hash of its events, person, channel and window',
    fold_version UInt64,
    change UInt32 COMMENT 'rising within a fold version: the last one stands',
    owner LowCardinality(String) COMMENT 'process that wrote the row, random',
    message_id String COMMENT 'the message that carried it; several notices share one; empty = not sent yet',
    window_at DateTime64(3, 'UTC') COMMENT 'beginning of the window that its events were recorded in',
    events Array(String) COMMENT 'alert:ALERT_ID:SEQ or work:KIND:ID:SEQ, ascending',
    org_code LowCardinality(String) COMMENT 'organisation of its events; empty = several',
    person LowCardinality(String) COMMENT 'user id; empty = nobody was found',
    rung LowCardinality(String) COMMENT 'N1…N4 or a role; the highest of its events',
    channel LowCardinality(String) COMMENT 'kind of channel, with #2, #3 … for further ones of that kind; empty = none',
    severity LowCardinality(String) COMMENT 'highest of its events; empty = work items only',
    state LowCardinality(String) COMMENT 'queued, held, sending, sent, failed, no_recipient',
    attempt UInt16 COMMENT 'attempts to send so far, the running one included',
    reason LowCardinality(String) COMMENT 'why it is held, failed, waits for another attempt or has no recipient; empty = none',
    possible_repeat Bool COMMENT 'an attempt before ended without a record: the reader may have it twice, and was told so',
    next_at DateTime64(3, 'UTC') COMMENT 'not before; end of the quiet hours, or the next attempt',
    created_at DateTime64(3, 'UTC'),
    sent_at Nullable(DateTime64(3, 'UTC')),
    updated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(change)
PARTITION BY toYYYYMM(window_at)
ORDER BY (notice_id, fold_version)
