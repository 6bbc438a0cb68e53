-- What the voids and amends in force as of an instant do, per case: voided
-- event ids, and (event id, instant) of facts moved to another instant, the one
-- said last first. A later correction can take back an earlier one, never the
-- other way round, so they are judged from the last to the first.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later are not known
SELECT source_sys, case_no, judged.1 AS voided, judged.3 AS moved
FROM
(
    SELECT
        source_sys, case_no,
        arrayFold(
            (acc, m) -> (
                if(m.2 AND NOT has(acc.1, m.1) AND m.3 != m.1 AND NOT has(acc.2, m.3), arrayPushBack(acc.1, m.3), acc.1),
                arrayPushBack(acc.2, m.1),
                if(NOT m.2 AND NOT has(acc.1, m.1) AND m.4 IS NOT NULL, arrayPushBack(acc.3, (m.3, assumeNotNull(m.4))), acc.3)
            ),
            arrayMap(x -> (x.5, x.6, x.7, x.8), arrayReverseSort(x -> (x.1, x.2, x.3, x.4), groupArray((
                occurred_at, event_type = 'amend', seq, event_id, event_id, event_type = 'void',
                JSONExtractString(payload, 'target_event_id'),
                parseDateTime64BestEffortOrNull(JSONExtractString(payload, 'set', 'event_time'), 3, 'UTC')
            )))),
            (emptyArrayString(), emptyArrayString(), CAST([], 'Array(Tuple(String, DateTime64(3, \'UTC\')))'))
        ) AS judged
    FROM
    (
        SELECT source_sys, case_no, event_id, event_type, occurred_at, seq, payload
        FROM case_events FINAL
        WHERE event_type IN ('void', 'amend') AND occurred_at <= {as_of:DateTime64(3,'UTC')}
            AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND NOT stands)
        ORDER BY revision DESC
        LIMIT 1 BY source_sys, case_no, event_id
    )
    GROUP BY source_sys, case_no
)
