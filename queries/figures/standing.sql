-- purpose: Say what the ledger of movements knows, or knew at an instant, and whether it stands where the states stand.
-- grain: one row; none where it knew nothing
-- param: known_at DateTime64(3,'UTC') ? = the instant; nothing = the last pass that is through
-- column: known_at DateTime64(3,'UTC') = when the last pass by then was through: figures are the sum of what was recorded by it
-- column: stands Bool = nothing was folded since, and no organisation came
WITH pass AS
(
    SELECT known_at, through
    FROM movement_passes
    WHERE toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR known_at <= {known_at:DateTime64(3,'UTC')}
    ORDER BY known_at DESC
    LIMIT 1
)
SELECT
    known_at,
    toBool(empty((
        SELECT groupArray(1)
        FROM
        (
            SELECT 1 FROM cases WHERE fold_version > (SELECT through FROM pass) LIMIT 1
            UNION ALL
            SELECT 1 FROM tickets WHERE fold_version > (SELECT through FROM pass) LIMIT 1
            UNION ALL
            SELECT 1 FROM fact_conflicts WHERE fold_version > (SELECT through FROM pass) AND topic IN ('case-events', 'hotline-tickets') LIMIT 1
            UNION ALL
            SELECT 1 FROM organisations WHERE stored_at > (SELECT known_at FROM pass) LIMIT 1
        )
    ))) AS stands
FROM pass
