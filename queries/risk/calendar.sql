-- purpose: Say which calendar the latest state was folded with.
-- grain: one row
-- column: calendar_version String = its version; empty = nothing was folded yet
-- source: docs/early-warning.md
SELECT argMax(calendar_version, fold_version) AS calendar_version
FROM
(
    SELECT calendar_version, fold_version FROM cases
    UNION ALL
    SELECT calendar_version, fold_version FROM tickets
)
