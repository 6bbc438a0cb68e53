-- The rated subjects that a rule looks at, as in case_subjects.
-- param: states Identifier = rating_states or rating_states_now
-- param: version UInt64 = fold version of the round; 0 = all
SELECT *
FROM {states:Identifier}
WHERE ({version:UInt64} = 0 OR fold_version = {version:UInt64})
