-- purpose: Find whether the ledger of movements has rows of rounds that may have been cut short.
-- grain: one row
-- param: confirmed UInt64 = the last round that was written as a whole
-- column: found Bool = there are some
SELECT toBool(max(last) > {confirmed:UInt64}) AS found
FROM
(
    SELECT max(round) AS last FROM movements
    UNION ALL
    SELECT max(round) FROM movement_sets
)
