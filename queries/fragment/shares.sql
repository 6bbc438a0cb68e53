-- Reader of figure_rows with amounts by class: each class's part of all.
-- column: class String = the class
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0 (C6)
SELECT {{dims}} class,
    sum(part) AS numerator,
    sum(sum(part)) OVER (PARTITION BY {{keys}} 1) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
GROUP BY {{keys}} class
ORDER BY {{keys}} numerator DESC, class
