-- purpose: Mean score of valid ratings (平均分).
-- grain: one row per group
-- param: score_5 Float64 = score of level 5
-- param: score_4 Float64 = score of level 4
-- param: score_3 Float64 = score of level 3
-- param: score_2 Float64 = score of level 2
-- param: score_1 Float64 = score of level 1
-- column: numerator Float64 = sum of the scores
-- column: denominator UInt64 = valid ratings given in the period
-- column: value Nullable(Float64) = mean score; null without ratings
-- source: domain guide 5.6, E05, and 4 (score)
-- dims: rating
-- include: rows_valid_ratings
WITH figure_rows AS
(
{{rows_valid_ratings}}
)
SELECT {{dims}}
    sum(score) AS numerator,
    count() AS denominator,
    if(denominator = 0, NULL, numerator / denominator) AS value
FROM
(
    SELECT *, [{score_1:Float64}, {score_2:Float64}, {score_3:Float64}, {score_4:Float64}, {score_5:Float64}][r.level] AS score
    FROM figure_rows AS r
    WHERE in_denominator
) AS r
{{joins}}
WHERE {{only}}
{{group}}
{{order}}
