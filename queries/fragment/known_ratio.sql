-- Reader of figure_rows: a share of what is known. What the catalogue does not say counts in
-- the denominator, as the guide wants all items in it; when it says nothing of any, there is no figure.
-- column: value Nullable(Float64) = numerator / denominator in 0..1; null when the denominator is 0 (C6) or nothing is known
-- column: unknown UInt64 = in the denominator, and the input does not say which way
SELECT {{dims}}
    countIf(in_numerator) AS numerator,
    countIf(in_denominator) AS denominator,
    if(countIf(in_denominator AND is_known) = 0, NULL, numerator / denominator) AS value,
    countIf(in_denominator AND NOT is_known) AS unknown
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
