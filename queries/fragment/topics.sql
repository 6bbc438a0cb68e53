-- Reader of figure_rows: each topic's part of the tickets that have one.
-- column: topic String = the topic in the words of its source
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0 (C6)
SELECT {{dims}} topic,
    count() AS numerator,
    sum(count()) OVER (PARTITION BY {{keys}} 1) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
GROUP BY {{keys}} topic
ORDER BY {{keys}} numerator DESC, topic
