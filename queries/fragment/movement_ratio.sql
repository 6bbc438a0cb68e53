-- Reader of counted, movements with what they count in: a share of subjects.
-- column: value Nullable(Float64) = numerator / denominator in 0..1; null when the denominator is 0 (C6)
SELECT {{dims}}
    toUInt64(sumIf(n, in_numerator)) AS numerator,
    toUInt64(sumIf(n, in_denominator)) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM counted AS r
{{joins}}
WHERE {{only}}
{{group}}
HAVING '{{keys}}' = '' OR numerator != 0 OR denominator != 0
{{order}}
