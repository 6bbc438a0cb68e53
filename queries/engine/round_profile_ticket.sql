-- purpose: Ask what the tickets just folded hold, so that rules without a candidate need not be asked.
-- grain: one row
-- param: version UInt64 = fold version of the round
-- column: facts Array(String) = event types that occur
-- column: clocks Array(String) = clocks that occur
SELECT groupUniqArrayArray(CAST(f_type, 'Array(String)')) AS facts, groupUniqArrayArray(CAST(k_clock, 'Array(String)')) AS clocks
FROM tickets
WHERE fold_version = {version:UInt64}
