-- Who did what to which thing: identifiers only, no names and no free text. Rows are only added; one that was sent twice counts once.
CREATE TABLE IF NOT EXISTS audit_log
(
    at DateTime64(3, 'UTC'),
    id String COMMENT 'identity of the line',
    user_id LowCardinality(String) COMMENT 'empty = nobody was signed in, cli = command line',
    role LowCardinality(String) COMMENT 'role in which the person acted',
    what LowCardinality(String) COMMENT 'sign_in, sign_in_failed, user_added … or the permission that was used',
    target_kind LowCardinality(String),
    target_id String,
    outcome LowCardinality(String) COMMENT 'done, denied, invalid, attempted',
    request_id String COMMENT 'id of the request in the log; empty for the command line',
    remote LowCardinality(String) COMMENT 'network the request came from: /24 of IPv4, /48 of IPv6'
)
ENGINE = ReplacingMergeTree
ORDER BY (at, id)
