-- What belongs to this database and lies in a data folder: the identity of the instance, and a fingerprint of the key that
-- personal data was tokenised with. The first mark of a name counts.
CREATE TABLE IF NOT EXISTS instance_marks
(
    name LowCardinality(String) COMMENT 'instance or token-key',
    value String COMMENT 'a fingerprint, no secret',
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (name, at)
