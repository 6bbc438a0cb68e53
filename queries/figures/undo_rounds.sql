-- purpose: Undo all rows of the subjects of rounds that may have been cut short, so that they are written anew.
-- grain: one row of movement_feed per subject and attribution
-- param: confirmed UInt64 = the last round that was written as a whole
-- param: round UInt64 = version under which it is written
-- param: known_at DateTime64(3,'UTC') = when it is recorded
INSERT INTO movement_feed (subject_kind, source_sys, subject, round, known_at, dims, m, was_dims, plus, minus, base_dims, base_m)
WITH
    (SELECT max(round) FROM movement_passes) AS passed,
    unsure AS
    (
        SELECT subject_kind, source_sys, subject FROM movements WHERE round > {confirmed:UInt64}
        UNION DISTINCT
        SELECT subject_kind, source_sys, subject FROM movement_sets WHERE round > {confirmed:UInt64}
    ),
    stored AS
    (
        SELECT subject_kind, source_sys, subject, (region_code, task_code, item_type, project_type, channel, window_id, kind, called_number, '') AS was,
            measure, intDiv(toUnixTimestamp64Micro(at), 100) AS at10, late_ms, behind_ms, facets, value, org_code, toInt16(sum(n)) AS n
        FROM movements
        WHERE (subject_kind, source_sys, subject) IN (unsure)
        GROUP BY ALL
        HAVING n != 0
    )
SELECT u.subject_kind, u.source_sys, u.subject, {round:UInt64}, {known_at:DateTime64(3,'UTC')},
    ('', '', '', '', '', '', '', '', ''), [], s.was, [], s.minus,
    if(b.round <= passed, b.dims, b.base_dims), if(b.round <= passed, b.m, b.base_m)
FROM unsure AS u
LEFT JOIN
(
    SELECT subject_kind, source_sys, subject, was, groupArray((measure, at10, late_ms, behind_ms, facets, value, org_code, n)) AS minus
    FROM stored
    GROUP BY subject_kind, source_sys, subject, was
) AS s ON s.subject_kind = u.subject_kind AND s.source_sys = u.source_sys AND s.subject = u.subject
ANY LEFT JOIN
(
    SELECT subject_kind, source_sys, subject, round, dims, m, base_dims, base_m FROM movement_sets FINAL
    WHERE (subject_kind, source_sys, subject) IN (unsure)
) AS b ON b.subject_kind = u.subject_kind AND b.source_sys = u.source_sys AND b.subject = u.subject
