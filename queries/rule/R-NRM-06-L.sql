-- purpose: Lists not public: the list of powers, duties or services of an organisation is not public.
-- grain: one row per time that an organisation's lists were not all public
-- include: workdays, steps
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- source: domain guide 6.2, R-NRM-06 (its half about lists); 5.2, A12
-- Decisions: only where the directory gives lists_published; a list that is false or
-- absent is not public. From the arrival of the statement: since when is not told.
-- It stays on record when the lists appear (clear B); a later gap is a new alert,
-- numbered by the day on which it was told. Versions whose force has ended when the
-- statement arrives say nothing.
WITH
{{workdays}},
{{steps}},
arrayMap(x -> arrayFilter(l -> NOT JSONExtractBool(x.2, 'lists_published', l), ['power', 'duty', 'service']), told) AS missing
SELECT
    source_sys, subject_no, toString(local_day(told[i].1)) AS clock_no, subject_no AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(told[i].1, 'yellow')] AS steps, NULL AS due_at,
    map('missing', arrayStringConcat(missing[i], ' ')) AS evidence
FROM
(
    SELECT
        org_code AS subject_no, argMax(toString(source_sys), (received_at, offset)) AS source_sys, argMax(toString(region_code), (received_at, offset)) AS region_code,
        arrayMap(x -> x.3, arraySort(x -> (x.1, x.2), groupArray((received_at, offset, (greatest(received_at, day_start(valid_from)), payload))))) AS told
    FROM
    (
        SELECT *, max(revision) OVER (PARTITION BY org_code, source_sys, event_id ORDER BY received_at, offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS top
        FROM organisations FINAL
        WHERE JSONType(payload, 'lists_published') = 'Object' AND (isNull(valid_to) OR day_start(assumeNotNull(valid_to)) > received_at)
            AND (topic, partition, `offset`) NOT IN (SELECT topic, partition, `offset` FROM fact_conflicts FINAL WHERE topic = 'organisations' AND NOT stands)
    )
    WHERE revision = top
    GROUP BY org_code
)
ARRAY JOIN arrayFilter(j -> notEmpty(missing[j]) AND (j = 1 OR empty(missing[j - 1])), arrayEnumerate(told)) AS i
WHERE told[i].1 <= {until:DateTime64(3,'UTC')} AND told[i].1 > {from:DateTime64(3,'UTC')} - INTERVAL 31 DAY
