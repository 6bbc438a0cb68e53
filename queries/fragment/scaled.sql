-- Reader of figure_rows with amounts: so many of part for every factor of whole.
-- column: value Nullable(Float64) = numerator × factor / denominator; null when the denominator is 0 (C6)
SELECT {{dims}}
    sum(part) AS numerator,
    sum(whole) AS denominator,
    if(denominator = 0, NULL, numerator * any(factor) / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
