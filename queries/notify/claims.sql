-- purpose: Read what every process last said about some notices.
-- grain: one row per notice and process
-- param: ids Array(String) = notice ids
-- column: notice_id String = identity
-- column: owner String = process that says so
-- column: attempt UInt16 = attempts so far
-- column: fold_version UInt64 = fold version of the change
-- column: possible_repeat Bool = it may have been sent once before
-- column: change UInt32 = number of the change within its fold version
-- column: state String = state that the process left it in
SELECT notice_id, owner, fold_version, change, state, attempt, possible_repeat
FROM notices FINAL
WHERE notice_id IN {ids:Array(String)}
ORDER BY notice_id, owner, fold_version DESC
LIMIT 1 BY notice_id, owner
