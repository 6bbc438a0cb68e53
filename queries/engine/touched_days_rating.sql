-- purpose: Ask about which days the ratings of a round are: the earliest one of the subjects that were folded.
-- grain: one row; none when the round has no subject
-- param: version UInt64 = fold version of the round
-- column: first_at DateTime64(3,'UTC') = earliest rating
-- column: lag_ms Int64 = 0: how late ratings are pushed is not judged
SELECT min(arrayMin(r_rated_at)) AS first_at, toInt64(0) AS lag_ms
FROM rating_states
WHERE fold_version = {version:UInt64} AND notEmpty(r_rated_at)
HAVING count() > 0
