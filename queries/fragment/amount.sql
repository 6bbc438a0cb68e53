-- Reader of figure_rows with amounts: their sum. Without a row there is no figure: what
-- nobody measured is not nought.
-- column: denominator Nullable(UInt64) = null: a count has none
-- column: value Nullable(Float64) = the same sum; null without a measurement
SELECT {{dims}}
    if(count() = 0, NULL, sum(part)) AS numerator,
    CAST(NULL, 'Nullable(UInt64)') AS denominator,
    numerator AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
