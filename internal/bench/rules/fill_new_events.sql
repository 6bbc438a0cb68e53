INSERT INTO case_events
    (source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code, task_code,
     task_version, window_id, staff_id, payload, content, topic, partition, `offset`, received_at, stored_at, precedence)
SELECT
    'bench', concat('62', leftPad(toString(c), 12, '0')), concat('n', toString(o), '-', toString(c % 4)), 0, 0,
    multiIf(k < 5, 'material', k < 8, 'step_end', k = 8, 'correction_notice', 'finish'),
    received, 0, concat('6101', leftPad(toString(c % 13 + 1), 2, '0')), concat('org', toString(c % 200)), concat('task', toString(c % 500)),
    '1', concat('w', toString(c % 40)), concat('staff', toString(c % 900)),
    multiIf(k < 5, '{"material_code":"M2","source":"upload","in_guide":true}', k < 8, '{"step_code":"review"}', k = 8, '{"notice_no":"N2","defects":["copy"]}', '{"result_type":"approved"}'),
    sipHash64(o, c, 3), 'case-events', c % 4, o, received, received, bitNot(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(received)), 22) + o % 4194304)
FROM
(
    SELECT sipHash64(number, {base:UInt64}) % {open:UInt64} AS c, number % 10 AS k, {base:UInt64} + number AS o, {received:DateTime64(3,'UTC')} AS received
    FROM numbers({events:UInt64})
)
