-- purpose: Say what the ledger of movements knows, or knew at an instant, and what it does not know yet.
-- grain: one row; none where it knew nothing
-- param: known_at DateTime64(3,'UTC') ? = the instant; nothing = the last pass that is through
-- column: known_at DateTime64(3,'UTC') = when the last pass by then was through: figures are the sum of what was recorded by it
-- column: through UInt64 = fold version up to which it looked at all subjects
-- column: round UInt64 = last version under which its rows were written
-- column: behind UInt64 = subjects that were folded, or contested, since; one may count twice
-- column: joined Bool = an organisation came since
-- column: subjects UInt64 = subjects in all, about
WITH pass AS
(
    SELECT known_at, through, round
    FROM movement_passes
    WHERE toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR known_at <= {known_at:DateTime64(3,'UTC')}
    ORDER BY known_at DESC
    LIMIT 1
)
SELECT
    known_at, through, round,
    assumeNotNull((SELECT count() FROM cases WHERE fold_version > (SELECT through FROM pass)) + (SELECT count() FROM tickets WHERE fold_version > (SELECT through FROM pass))
        + (SELECT count() FROM fact_conflicts WHERE fold_version > (SELECT through FROM pass) AND topic IN ('case-events', 'hotline-tickets'))) AS behind,
    toBool(assumeNotNull((SELECT count() FROM organisations WHERE stored_at > (SELECT known_at FROM pass)) > 0)) AS joined,
    assumeNotNull((SELECT count() FROM cases) + (SELECT count() FROM tickets)) AS subjects
FROM pass
