-- The tickets that a rule looks at, as in case_subjects.
-- param: states Identifier = tickets or tickets_now
-- param: needs_facts Array(String) ? = only subjects with one of these event types, or one of the clocks below; both empty = all
-- param: needs_clocks Array(String) ? = only subjects with one of these clocks, or one of the event types above
-- param: version UInt64 = fold version of the round; 0 = all
SELECT *
FROM {states:Identifier}
WHERE ({version:UInt64} = 0 OR fold_version = {version:UInt64}) AND NOT is_test AND h_excluded[-1] != 'void'
    AND (empty({needs_facts:Array(String)}) AND empty({needs_clocks:Array(String)}) OR hasAny(f_type, {needs_facts:Array(String)}) OR hasAny(k_clock, {needs_clocks:Array(String)}))
