-- purpose: Read what a message says about work items, as they stand.
-- grain: one row per work item
-- param: kinds Array(String) = their kinds …
-- param: ids Array(String) = … and their ids
-- column: kind String = kind
-- column: id String = identity
-- column: level String = level, as its kind has it; empty = none
-- column: state String = state
-- column: org_code String = organisation; empty = none
-- column: due_at Nullable(DateTime64(3,'UTC')) = when the state that it is in must be left
SELECT kind, id, org_code, state, level, due_at
FROM work_items FINAL
WHERE kind IN {kinds:Array(String)} AND id IN {ids:Array(String)}
ORDER BY kind, id
