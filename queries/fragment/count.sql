-- Reader of figure_rows: a number of cases.
-- column: denominator Nullable(UInt64) = null: a count has none
-- column: value UInt64 = the same count
SELECT {{dims}}
    countIf(in_numerator) AS numerator,
    CAST(NULL, 'Nullable(UInt64)') AS denominator,
    numerator AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
