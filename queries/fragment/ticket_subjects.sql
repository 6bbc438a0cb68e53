-- The tickets that a rule looks at, as in case_subjects.
-- param: states Identifier = tickets or tickets_now
-- param: version UInt64 = fold version of the round; 0 = all
SELECT *
FROM {states:Identifier}
WHERE ({version:UInt64} = 0 OR fold_version = {version:UInt64}) AND NOT is_test AND h_excluded[-1] != 'void'
