-- purpose: The health of every rule and what it has raised in the scope of the reader.
-- grain: one row per rule that was evaluated or has raised something
-- include: alerts_as_of
-- column: rule_id String = rule
-- column: evaluated_at DateTime64(3,'UTC') = last evaluation; 1970 = never
-- column: watermark DateTime64(3,'UTC') = facts up to here were in it
-- column: took_s Float64 = seconds that it took
-- column: error String = what went wrong; empty = nothing
-- column: open UInt64 = open alerts
-- column: total UInt64 = alerts that stand
-- column: revoked UInt64 = alerts that were revoked
SELECT rule_id, any(r.evaluated_at) AS evaluated_at, any(r.watermark) AS watermark, any(r.took_s) AS took_s, any(r.error) AS error,
    sum(c.open) AS open, sum(c.total) AS total, sum(c.revoked) AS revoked
FROM (SELECT * FROM rule_runs FINAL) AS r
FULL OUTER JOIN
(
    SELECT rule_id, countIf(NOT ended) AS open, countIf(state NOT IN ('revoked', 'cancelled')) AS total, countIf(state = 'revoked') AS revoked
    FROM ({{alerts_as_of}})
    GROUP BY rule_id
) AS c USING (rule_id)
GROUP BY rule_id
ORDER BY rule_id
