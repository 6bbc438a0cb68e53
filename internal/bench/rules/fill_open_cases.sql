INSERT INTO case_events
    (source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code, accept_org,
     task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle, payload, content,
     topic, partition, `offset`, received_at, stored_at, precedence)
SELECT
    'bench', concat('62', leftPad(toString(c), 12, '0')), concat('e', lower(hex(sipHash64(c, k, 'open')))), 0, 0,
    ['apply', 'accept', 'step_start', if(c % 10 = 0, 'correction_notice', 'material')][k + 1],
    accepted + toIntervalMinute([-90, 0, 60, -60][k + 1]), 0,
    concat('6101', leftPad(toString(c % 13 + 1), 2, '0')), concat('org', toString(c % 200)), '',
    concat('task', toString(c % 500)), '1', concat('w', toString(c % 40)), concat('staff', toString(c % 900)),
    if(k = 0, ['hall', 'web', 'app'][c % 3 + 1], ''), '', '',
    multiIf(
        k = 1, concat('{"doc_no":"D', toString(c), '","promise_days":', toString(20 + c % 10), ',"promise_unit":"W","legal_days":40,"legal_unit":"W"}'),
        k = 2, '{"step_code":"review","limit_days":15}',
        k = 3 AND c % 10 = 0, '{"notice_no":"N1","defects":["form"]}',
        k = 3, '{"material_code":"M1","source":"upload","in_guide":true}', '{"applicant_name":"tok:MFRGGZDFMZTWQ2LK"}'),
    sipHash64(c, k, 2),
    'case-events', c % 4, o, received, received, bitNot(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(received)), 22) + o % 4194304)
FROM
(
    SELECT
        toUInt64(intDiv(number, 4)) AS c, toUInt8(number % 4) AS k,
        -- accepted at one of the minutes of the 14 days up to the day before
        toDateTime64({today:DateTime64(3,'UTC')}, 3, 'UTC') - toIntervalMinute(1440 + sipHash64(c) % 20160) AS accepted,
        {base:UInt64} + intDiv(c, 4) * 4 + k AS o,
        accepted + toIntervalMinute(61) AS received
    FROM numbers({cases:UInt64} * 4)
)
