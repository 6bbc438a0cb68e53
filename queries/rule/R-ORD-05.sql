-- purpose: Target behind: sixty days before its due date a target is behind the straight path, or its date passed without it being met.
-- grain: one row per target
-- include: steps
-- param: until DateTime64(3,'UTC') = end of the day
-- param: days_before UInt16 = days before the due date from which being behind is told
-- source: domain guide 6.2, R-ORD-05; 5.9 status
-- Decisions: measurement `targets` gives baseline, actual and target for the period
-- from baseline to due date; payload key `target` names it when an organisation has
-- several of one period. A measurement is compared with the straight path at the
-- instant it was sent (else arrived), the last one before the sixtieth day and every
-- later one. A target below its baseline is a reduction. Missed from the due date on
-- when the last measurement is short of the target; over when a later one reaches
-- it. A target that was never measured says nothing: nothing is known of it.
WITH
{{steps}},
subtractDays(due, {days_before:UInt16}) AS look,
(m, at) -> (m.3 - (m.2 + (m.4 - m.2) * least(greatest(dateDiff('second', began, at) / greatest(dateDiff('second', began, due), 1), 0), 1))) * if(m.4 < m.2, -1, 1) >= 0 AS in_time,
m -> (m.3 - m.4) * if(m.4 < m.2, -1, 1) >= 0 AS met,
arrayLastIndex(m -> m.1 <= look, measured) AS known,
arrayLastIndex(m -> m.1 < due, measured) AS last,
arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, tidy_steps(arrayConcat(
    if(known = 0, [], [(look, if(in_time(measured[known], measured[known].1), '', 'notice'))]),
    arrayMap(m -> (m.1, if(in_time(m, m.1), '', 'notice')), arrayFilter(m -> m.1 > look AND m.1 < due, measured)),
    if(last = 0, [], [(due, if(met(measured[last]), '', 'yellow'))]),
    arrayMap(m -> (m.1, if(met(m), '', 'yellow')), arrayFilter(m -> m.1 >= due, measured))))) AS steps
SELECT
    source_sys, subject_no, formatDateTime(due, '%Y-%m-%d', 'Asia/Shanghai') AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    steps, CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('baseline', toString(measured[-1].2), 'actual', toString(measured[-1].3), 'target', toString(measured[-1].4), 'measured_at', toString(measured[-1].1)) AS evidence
FROM
(
    SELECT
        toString(m.source_sys) AS source_sys, concat(toString(m.org_code), '/', toString(m.region_code), '/', JSONExtractString(m.payload, 'target')) AS subject_no,
        period_from AS began, period_to AS due, toString(any(m.org_code)) AS org_code, toString(any(m.region_code)) AS region_code,
        arraySort(groupArray((if(emitted_at > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), emitted_at, received_at), `values`['baseline'], `values`['actual'], `values`['target']))) AS measured
    FROM measurements AS m FINAL
    WHERE name = 'targets' AND mapContains(`values`, 'actual') AND mapContains(`values`, 'target')
    GROUP BY source_sys, subject_no, period_from, period_to
)
WHERE notEmpty(steps)
