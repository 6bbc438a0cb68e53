-- Reader of counted, movements with what they count in: a number of subjects.
-- column: denominator Nullable(UInt64) = null: a count has none
-- column: value UInt64 = the same count
SELECT {{dims}}
    toUInt64(sumIf(n, in_numerator)) AS numerator,
    CAST(NULL, 'Nullable(UInt64)') AS denominator,
    numerator AS value
FROM counted AS r
{{joins}}
WHERE {{only}}
{{group}}
HAVING '{{keys}}' = '' OR numerator != 0
{{order}}
