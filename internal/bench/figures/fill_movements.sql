INSERT INTO movements (measure, at, late_ms, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, subject_kind, subject, known_at, round)
SELECT
    m.1, m.2, 0, m.3, m.4, m.5, m.6, concat('s', toString(org % 5)), concat('61', leftPad(toString(101 + 100 * (org % 10) + intDiv(org, 10) % 12), 4, '0')), concat('org', toString(org)),
    concat('item', toString(org % 40), '-', toString(intDiv(h, 1000) % 60)), ['licence', 'service', 'confirm'][h % 3 + 1], if(h % 50 = 0, 'joint', 'single'),
    ['hall', 'web', 'app', 'mini_program', 'phone', 'post', 'auto', ''][1 + intDiv(h, 7) % 8], concat('w', toString(org % 200)),
    'case', leftPad(toString(number), 12, '0'), applied, 1
FROM
(
    SELECT
        number, cityHash64(number) AS h, h % 1000 AS org,
        toDateTime64('2024-01-01', 4, 'UTC') + toIntervalSecond(intDiv(h, 3) % (86400 * {days:UInt64})) AS applied,
        applied + toIntervalMinute(h % 500) AS accepted,
        toDateTime64(toDate(applied) + 8 + h % 20, 4, 'UTC') - toIntervalMillisecond(1) AS due,
        applied + toIntervalSecond(if(intDiv(h, 11) % 1000 < 900, 86400 * 5, 86400 * 40) * (1 + intDiv(h, 13) % 1000) / 500) AS stop
    FROM numbers({first:UInt64}, {cases:UInt64})
)
ARRAY JOIN arrayConcat(
    [('applied', applied, 0, 1, 0, 1), ('accepted', accepted, 0, 1, 0, 1), ('open', applied, -1, 0, 0, 1), ('open', stop, -1, 0, 0, -1), ('finished', stop, 0, toUInt8(h % 4 = 0), 0, 1),
     ('ended', stop, 0, toUInt8(5 + 2 * (stop + toIntervalDay(1) <= due)), toInt32(dateDiff('day', applied, stop)), 1),
     ('stopped', stop, 0, toUInt8(5 + 2 * (stop <= due) + 8 * (stop <= due)), 0, 1), ('due', due, 0, toUInt8(stop <= due), 0, 1)],
    if(stop > due, [('overdue', due + toIntervalMicrosecond(500), -1, 0, 0, 1), ('overdue', stop, -1, 0, 0, -1),
        ('overdue_law', due + toIntervalMicrosecond(500), -1, 0, 0, 1), ('overdue_law', stop, -1, 0, 0, -1)], [])) AS m
