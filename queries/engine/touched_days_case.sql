-- purpose: Ask about which days the facts of a round are: the earliest legal moment, and how late they were pushed at most.
-- grain: one row; none when the round has no subject
-- include: facts_range
-- param: version UInt64 = fold version of the round
-- column: first_at DateTime64(3,'UTC') = earliest legal moment of a fact that is new; of a subject of which a fact was voided, amended or told anew, the first that was ever told
-- column: lag_ms Int64 = longest time from a legal moment to the arrival, or the sending where that is later
WITH arrived AS
(
    SELECT source_sys, subject, count() AS n, min(received_at) AS first_received
    FROM deliveries
    WHERE {{facts_range}} AND outcome = 'fact'
    GROUP BY source_sys, subject
)
SELECT min(at) AS first_at, max(lag) AS lag_ms
FROM
(
    SELECT arrayFilter((t, r) -> r >= first_received, f_at, f_received_at) AS news,
        if(length(news) < n OR arrayExists((r, told) -> r >= first_received AND told < first_received, f_received_at, f_first_received_at), least(first_at, h_at[1]), arrayMin(news)) AS at,
        arrayMax(arrayConcat([toInt64(0)], arrayMap((t, p, r) -> if(r >= first_received, dateDiff('millisecond', t, greatest(r, ifNull(p, r))), 0), f_at, f_pushed_at, f_received_at))) AS lag
    FROM cases AS s
    INNER JOIN arrived AS a ON s.source_sys = a.source_sys AND s.case_no = a.subject
    WHERE s.fold_version = {version:UInt64}
)
HAVING count() > 0
