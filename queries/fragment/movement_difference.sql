-- What the ledger lacks, and what it has too much, of each of figure_subjects.
-- Uses of the text around it: figure_subjects, wanted_movements (source_sys, subject, dims, m), this_kind.
SELECT
    t.source_sys AS source_sys, t.subject AS subject, w.dims AS dims, w.m AS m, s.dims AS was_dims,
    arrayMap(x -> cityHash64(x), m) AS keys, arrayMap(x -> cityHash64(x), s.m) AS was_keys,
    if(dims = was_dims, arrayFilter((x, k) -> NOT has(was_keys, k), m, keys), m) AS plus,
    if(dims = was_dims, arrayFilter((x, k) -> NOT has(keys, k), s.m, was_keys), s.m) AS minus
FROM figure_subjects AS t
ANY LEFT JOIN wanted_movements AS w ON w.source_sys = t.source_sys AND w.subject = t.subject
ANY LEFT JOIN
(
    SELECT source_sys, subject, dims, m FROM movement_sets FINAL
    PREWHERE subject_kind = this_kind AND (source_sys, subject) IN (SELECT source_sys, subject FROM figure_subjects)
) AS s ON s.source_sys = t.source_sys AND s.subject = t.subject
WHERE notEmpty(plus) OR notEmpty(minus)
