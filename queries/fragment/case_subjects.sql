-- The cases that a rule looks at: those just folded (version > 0, states = cases) or
-- all (version 0, states = cases_now). Test, secret and voided cases are left out.
-- i is the index of what holds by all facts known, not yet by the clock alone:
-- entries of the history that lie in the future (acceptance by law, end of an
-- approved pause) are part of it.
-- param: states Identifier = cases or cases_now
-- param: needs_facts Array(String) ? = only subjects with one of these event types, or one of the clocks below; both empty = all
-- param: needs_clocks Array(String) ? = only subjects with one of these clocks, or one of the event types above
-- param: version UInt64 = fold version of the round; 0 = all
SELECT *
FROM {states:Identifier}
WHERE ({version:UInt64} = 0 OR fold_version = {version:UInt64}) AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
    AND (empty({needs_facts:Array(String)}) AND empty({needs_clocks:Array(String)}) OR hasAny(f_type, {needs_facts:Array(String)}) OR hasAny(k_clock, {needs_clocks:Array(String)}))
