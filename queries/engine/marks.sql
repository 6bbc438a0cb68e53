-- purpose: Read what all states were folded with.
-- grain: one row per mark
-- column: name String = name
-- column: value String = the mark
SELECT name, value
FROM fold_marks FINAL
