-- purpose: The key figures of the ratings of a place in one look.
-- grain: one row
-- param: score_5 Float64 = score of level 5
-- param: score_4 Float64 = score of level 4
-- param: score_3 Float64 = score of level 3
-- param: score_2 Float64 = score of level 2
-- param: score_1 Float64 = score of level 1
-- column: good UInt64 = valid ratings of level 3 to 5
-- column: score Float64 = sum of the scores
-- column: valid UInt64 = valid ratings given in the period
-- source: domain guide 5.6, E02 and E05
-- include: rows_valid_ratings
SELECT countIf(level >= 3) AS good, sum([{score_1:Float64}, {score_2:Float64}, {score_3:Float64}, {score_4:Float64}, {score_5:Float64}][level]) AS score, count() AS valid
FROM ({{rows_valid_ratings}})
WHERE in_denominator
