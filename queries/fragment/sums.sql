-- Reader of figure_rows with amounts: what part adds up to in what whole adds up to, so that
-- a figure of a whole is made of the sums of its parts (C10).
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0 (C6)
SELECT {{dims}}
    sum(part) AS numerator,
    sum(whole) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
