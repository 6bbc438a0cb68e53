-- purpose: Overdue rate (超期率) and by how many working days.
-- grain: one row per group
-- column: numerator UInt64 = cases stopped late in the period or open past their promised due at its end
-- column: denominator UInt64 = as of D01
-- column: value Nullable(Float64) = numerator / denominator in 0..1; null when the denominator is 0 (C6)
-- column: overdue_days Nullable(Int64) = working days by which they are late, at least 1 each; null without overdue cases
-- column: avg_overdue_days Nullable(Float64) = overdue_days / numerator; null without overdue cases
-- source: domain guide 5.5, D08
-- dims: case
-- include: rows_overdue
WITH figure_rows AS
(
{{rows_overdue}}
)
SELECT {{dims}}
    countIf(in_numerator) AS numerator,
    countIf(in_denominator) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value,
    sum(r.overdue_days) AS overdue_days,
    avg(r.overdue_days) AS avg_overdue_days
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
