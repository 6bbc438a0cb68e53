-- purpose: Where early warning can be tested: sources with dues that have passed, and how their past splits into learning and test.
-- grain: one row per source and kind
-- param: as_of DateTime64(3,'UTC') = what was known by then
-- param: source String ? = source system; empty = all
-- column: source_sys String = source system
-- column: kind String = case or ticket
-- column: dues UInt64 = subjects that count (C2) and whose due had passed
-- column: own_dues UInt64 = of them, with a due that the source gave itself
-- column: split_at DateTime64(3,'UTC') = three in five of the dues lie before it: learned before, judged after
-- column: inner_split_at DateTime64(3,'UTC') = the same of the dues before split_at: prior strengths are compared after it
-- column: calendar_version String = calendar of the latest state
-- source: docs/early-warning.md
SELECT
    source_sys, kind,
    count() AS dues,
    sum(own) AS own_dues,
    quantileExact(0.6)(due) AS split_at,
    quantileExact(0.36)(due) AS inner_split_at,
    argMax(calendar_version, fold_version) AS calendar_version
FROM
(
    SELECT source_sys, 'case' AS kind, assumeNotNull(h_promise_due[i]) AS due, h_promise_basis[i] = 'source' AS own, calendar_version, fold_version,
        arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
    FROM cases FINAL
    WHERE i > 0 AND ifNull(h_promise_due[i] < {as_of:DateTime64(3,'UTC')}, false) AND h_excluded[i] = '' AND NOT is_test AND NOT secret
    UNION ALL
    SELECT source_sys, 'ticket', assumeNotNull(h_due_at[i]), h_due_basis[i] = 'source', calendar_version, fold_version,
        arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i
    FROM tickets FINAL
    WHERE i > 0 AND ifNull(h_due_at[i] < {as_of:DateTime64(3,'UTC')}, false) AND h_excluded[i] = '' AND NOT is_test AND NOT secret
)
WHERE {source:String} = '' OR source_sys = {source:String}
GROUP BY source_sys, kind
ORDER BY source_sys, kind
