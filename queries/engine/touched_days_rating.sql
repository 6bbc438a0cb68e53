-- purpose: Ask about which days the ratings of a round are: the earliest one of the subjects that were folded.
-- grain: one row; none when the round has no subject
-- include: facts_range
-- param: version UInt64 = fold version of the round
-- column: first_at DateTime64(3,'UTC') = earliest rating
-- column: lag_ms Int64 = longest time from a rating to its arrival, or sending where that is later; the greatest number when one was revised, which is no late rating but another word; 0 in a round without ratings
WITH folded AS
(
    SELECT subject_kind, subject_sys, subject_no, r_rated_at
    FROM rating_states
    WHERE fold_version = {version:UInt64} AND notEmpty(r_rated_at)
)
SELECT min(arrayMin(r_rated_at)) AS first_at,
    ifNull((
        SELECT max(if(revision > 0, toInt64(9223372036854775807), dateDiff('millisecond', rated_at, greatest(received_at, emitted_at))))
        FROM ratings
        PREWHERE (subject_kind, subject_sys, subject_no) IN (SELECT subject_kind, subject_sys, subject_no FROM folded)
        WHERE {{facts_range}}
    ), 0) AS lag_ms
FROM folded
HAVING count() > 0
