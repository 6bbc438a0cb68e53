-- What the ledger of movements lacks of some subjects, and what it has too much: rows of movement_feed.
-- Uses of the text around it: of_kind (case or ticket), figure_subjects (source_sys, subject), wanted (case_movements or ticket_movements),
-- passed (the last round of the last pass that was noted).
-- param: round UInt64 = version under which it is written
-- param: known_at DateTime64(3,'UTC') = when it is recorded
SELECT of_kind, source_sys, subject, {round:UInt64}, {known_at:DateTime64(3,'UTC')}, dims, m, was_dims, plus, minus, base_dims, base_m
FROM
(
    SELECT
        source_sys, subject, dims, m, was_dims, base_dims, base_m,
        if(dims = was_dims, arrayFilter((x, k) -> NOT has(was_keys, k), m, keys), m) AS plus,
        if(dims = was_dims, arrayFilter((x, k) -> NOT has(keys, k), was, was_keys), was) AS minus
    FROM
    (
        SELECT
            t.source_sys AS source_sys, t.subject AS subject, w.dims AS dims, w.m AS m, s.dims AS was_dims, s.m AS was,
            if(s.round <= passed, s.dims, s.base_dims) AS base_dims, if(s.round <= passed, s.m, s.base_m) AS base_m,
            arrayMap(x -> cityHash64(x), w.m) AS keys, arrayMap(x -> cityHash64(x), s.m) AS was_keys
        FROM figure_subjects AS t
        ANY LEFT JOIN wanted AS w ON w.source_sys = t.source_sys AND w.subject = t.subject
        ANY LEFT JOIN
        (
            SELECT source_sys, subject, round, dims, m, base_dims, base_m FROM movement_sets FINAL
            PREWHERE subject_kind = of_kind AND (source_sys, subject) IN (SELECT source_sys, subject FROM figure_subjects)
        ) AS s ON s.source_sys = t.source_sys AND s.subject = t.subject
    )
    WHERE notEmpty(plus) OR notEmpty(minus)
)
