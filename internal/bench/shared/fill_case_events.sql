INSERT INTO case_events
    (source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code, accept_org,
     task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle, payload, content,
     topic, partition, `offset`, received_at, stored_at, precedence)
SELECT
    'bench', concat('61', leftPad(toString(c), 12, '0')), concat('e', lower(hex(sipHash64(c, k)))), 0, 0,
    ['apply', 'accept', 'step_start', 'step_end', 'finish'][k + 1],
    addHours(toDateTime64('2025-01-06 01:00:00', 3, 'UTC') + intDiv(c, 10), [0, 4, 30, 60, 80 + c % 200][k + 1]), 0,
    concat('6101', leftPad(toString(c % 13 + 1), 2, '0')), concat('org', toString(c % 200)), '',
    concat('task', toString(c % 500)), '1', concat('w', toString(c % 40)), concat('staff', toString(c % 900)),
    if(k = 0, ['hall', 'web', 'app'][c % 3 + 1], ''), ['apply', 'accept', 'review', 'review', 'finish'][k + 1], 'complete',
    multiIf(
        k = 1, concat('{"doc_no":"D', toString(c), '","promise_days":', toString(3 + c % 8), ',"promise_unit":"W","legal_days":20,"legal_unit":"W"}'),
        k = 2, '{"step_code":"review","limit_days":3}', k = 3, '{"step_code":"review"}',
        k = 4, '{"result_type":"approved"}', '{"applicant_name":"tok:MFRGGZDFMZTWQ2LK"}'),
    sipHash64(c, k, 1),
    'case-events', c % 4, o, received, received, bitNot(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(received)), 22) + o % 4194304)
FROM
(
    SELECT
        toUInt64(intDiv(number, 5)) AS c, toUInt8(number % 5) AS k,
        (intDiv(c, 4) + k * {spread:UInt64}) * 5 + k AS o,
        toDateTime64('2026-06-01 00:00:00', 3, 'UTC') + o / 1000 AS received
    FROM numbers({cases:UInt64} * 5)
)
