-- What the subjects that were folded since a pass count in now, and, taken away, what they counted in by
-- that pass: rows like those of movements, without their subjects. They are not summed up: to group over so many levels takes a second to plan.
-- Uses of the text around it: of_kind (case or ticket), figure_subjects (source_sys, subject), wanted (case_movements or ticket_movements).
-- param: passed UInt64 = last round of the pass
-- column: measure LowCardinality(String) = as in movements, like all others
-- column: at DateTime64(4,'UTC') = as there
-- column: late_ms Int64 = as there
-- column: behind_ms Int64 = as there
-- column: facets UInt16 = as there
-- column: value Int32 = as there
-- column: n Int64 = as there
-- column: source_sys LowCardinality(String) = as there
-- column: region_code LowCardinality(String) = as there
-- column: org_code LowCardinality(String) = as there
-- column: task_code LowCardinality(String) = as there
-- column: item_type LowCardinality(String) = as there
-- column: project_type LowCardinality(String) = as there
-- column: channel LowCardinality(String) = as there
-- column: window_id LowCardinality(String) = as there
-- column: kind LowCardinality(String) = as there
-- column: called_number LowCardinality(String) = as there
SELECT
    CAST(x.2.1, 'LowCardinality(String)') AS measure, CAST(fromUnixTimestamp64Micro(x.2.2 * 100, 'UTC'), 'DateTime64(4, \'UTC\')') AS at,
    toInt64(x.2.3) AS late_ms, toInt64(x.2.4) AS behind_ms, toUInt16(x.2.5) AS facets, toInt32(x.2.6) AS value, toInt64(x.1 * x.2.8) AS n,
    CAST(subject_sys, 'LowCardinality(String)') AS source_sys, CAST(d.1, 'LowCardinality(String)') AS region_code, CAST(if(x.2.7 = '', d.9, x.2.7), 'LowCardinality(String)') AS org_code,
    CAST(d.2, 'LowCardinality(String)') AS task_code, CAST(d.3, 'LowCardinality(String)') AS item_type, CAST(d.4, 'LowCardinality(String)') AS project_type,
    CAST(d.5, 'LowCardinality(String)') AS channel, CAST(d.6, 'LowCardinality(String)') AS window_id, CAST(d.7, 'LowCardinality(String)') AS kind, CAST(d.8, 'LowCardinality(String)') AS called_number
FROM
(
    SELECT
        subject_sys,
        arrayJoin(arrayConcat(
            arrayMap(e -> (toInt16(1), e), if(dims = base_dims, arrayFilter((e, k) -> NOT has(base_keys, k), m, keys), m)),
            arrayMap(e -> (toInt16(-1), e), if(dims = base_dims, arrayFilter((e, k) -> NOT has(keys, k), base, base_keys), base)))) AS x,
        if(x.1 > 0, dims, base_dims) AS d
    FROM
    (
        SELECT
            t.source_sys AS subject_sys, w.dims AS dims, w.m AS m, if(s.round <= {passed:UInt64}, s.dims, s.base_dims) AS base_dims, if(s.round <= {passed:UInt64}, s.m, s.base_m) AS base,
            arrayMap(e -> cityHash64(e), m) AS keys, arrayMap(e -> cityHash64(e), base) AS base_keys
        FROM figure_subjects AS t
        ANY LEFT JOIN wanted AS w ON w.source_sys = t.source_sys AND w.subject = t.subject
        ANY LEFT JOIN
        (
            SELECT source_sys, subject, round, dims, m, base_dims, base_m FROM movement_sets FINAL
            PREWHERE subject_kind = of_kind AND (source_sys, subject) IN (SELECT source_sys, subject FROM figure_subjects)
        ) AS s ON s.source_sys = t.source_sys AND s.subject = t.subject
    )
)
