-- purpose: Ask about which days the ratings of a round are: the earliest one of the subjects that were folded.
-- grain: one row; none when the round has no subject
-- include: facts_range
-- param: version UInt64 = fold version of the round
-- column: first_at DateTime64(3,'UTC') = earliest rating, as any of its revisions told it
-- column: lag_ms Int64 = longest time from a rating to its arrival, or sending where that is later; the greatest number when one was revised, which is no late rating but another word; 0 in a round without ratings
WITH folded AS
(
    SELECT subject_kind, subject_sys, subject_no
    FROM rating_states
    WHERE fold_version = {version:UInt64}
),
told AS
(
    SELECT rated_at, {{facts_range}} AS is_new, if(revision > 0, toInt64(9223372036854775807), dateDiff('millisecond', rated_at, greatest(received_at, emitted_at))) AS lag
    FROM ratings
    PREWHERE (subject_kind, subject_sys, subject_no) IN (SELECT subject_kind, subject_sys, subject_no FROM folded)
)
SELECT min(rated_at) AS first_at, maxIf(lag, is_new) AS lag_ms
FROM told
HAVING count() > 0
