-- What only one of the ledger of movements and the states has, of a sample of the subjects.
-- Uses of the text around it: of_kind (case or ticket), wanted (case_movements or ticket_movements).
-- param: every UInt64 = one subject of so many is looked at; 1 = all
-- param: limit UInt64 = at most so many rows
-- column: source_sys String = source system
-- column: subject String = number
-- column: measure String = what it counts in
-- column: at DateTime64(4,'UTC') = since when
-- column: org_code String = organisation that it counts for
-- column: late_ms Int64 = as in movements
-- column: behind_ms Int64 = as in movements
-- column: facets UInt16 = as in movements
-- column: lacks Int64 = what the ledger lacks; negative: what it has too much
SELECT source_sys, subject, measure, at, org_code, late_ms, behind_ms, facets, sum(n) AS lacks
FROM
(
    SELECT
        toString(source_sys) AS source_sys, subject, r.1 AS measure, CAST(fromUnixTimestamp64Micro(r.2 * 100, 'UTC'), 'DateTime64(4, \'UTC\')') AS at,
        r.3 AS late_ms, r.4 AS behind_ms, r.5 AS facets, r.6 AS value, if(r.7 = '', dims.9, r.7) AS org_code, toInt64(r.8) AS n,
        (dims.1, dims.2, dims.3, dims.4, dims.5, dims.6, dims.7, dims.8) AS of
    FROM wanted
    ARRAY JOIN m AS r
    UNION ALL
    SELECT toString(source_sys), subject, toString(measure), at, late_ms, behind_ms, facets, value, toString(org_code), -toInt64(n),
        (toString(region_code), toString(task_code), toString(item_type), toString(project_type), toString(channel), toString(window_id), toString(kind), toString(called_number))
    FROM movements
    WHERE subject_kind = of_kind AND cityHash64(subject) % {every:UInt64} = 0
)
GROUP BY source_sys, subject, measure, at, org_code, late_ms, behind_ms, facets, value, of
HAVING lacks != 0
ORDER BY source_sys, subject, measure, at, lacks
LIMIT {limit:UInt64}
