INSERT INTO case_events
    (source_sys, case_no, event_id, revision, seq, event_type, occurred_at, payload, content, topic, partition, `offset`, received_at, stored_at, precedence)
SELECT
    'bench', concat('61', leftPad(toString(c), 12, '0')), concat('late', toString(number)), 0, 0, 'deliver',
    toDateTime64('2026-06-01 00:00:00', 3, 'UTC'), '{"method":"post"}', sipHash64(c, number),
    'case-events', c % 4, o, received, received, bitNot(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(received)), 22) + o % 4194304)
FROM
(
    SELECT
        number, sipHash64(number) % {cases:UInt64} AS c,
        (intDiv({cases:UInt64}, 4) + 5 * {spread:UInt64}) * 5 + number AS o,
        toDateTime64('2026-06-02 00:00:00', 3, 'UTC') + number / 1000 AS received
    FROM numbers({late:UInt64})
)
