-- purpose: List the source systems that have sent cases or tickets, with the span of their facts.
-- grain: one row per source system
-- column: source_sys String = name of the source system
-- column: cases UInt64 = cases it sent
-- column: tickets UInt64 = hotline tickets it sent
-- column: first_at DateTime64(3,'UTC') = earliest fact
-- column: last_at DateTime64(3,'UTC') = latest fact
-- source: design section 6
SELECT
    source_sys,
    countIf(kind = 'case') AS cases,
    countIf(kind = 'ticket') AS tickets,
    min(first_at) AS first_at,
    max(last_at) AS last_at
FROM
(
    SELECT source_sys, 'case' AS kind, first_at, last_at FROM cases FINAL
    UNION ALL
    SELECT source_sys, 'ticket' AS kind, first_at, last_at FROM tickets FINAL
)
GROUP BY source_sys
ORDER BY source_sys
