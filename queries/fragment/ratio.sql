-- Reader of figure_rows: a share of cases.
-- column: value Nullable(Float64) = numerator / denominator in 0..1; null when the denominator is 0 (C6)
SELECT {{dims}}
    countIf(in_numerator) AS numerator,
    countIf(in_denominator) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
