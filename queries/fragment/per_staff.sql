-- Reader of figure_rows: finished cases for each member of staff who acted.
-- column: value Nullable(Float64) = numerator / denominator; null when the denominator is 0 (C6)
SELECT {{dims}}
    countIf(in_numerator) AS numerator,
    uniqExactIf((org_code, acting_staff), in_denominator) AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
