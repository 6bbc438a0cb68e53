-- purpose: List which version of the calendar was put into force when.
-- grain: one row per time that one was put into force, the newest first
-- column: put_at DateTime64(3,'UTC') = when
-- column: version String = which
-- column: put_by String = by whom
-- column: reason String = why
SELECT put_at, version, put_by, reason
FROM calendar_in_force FINAL
ORDER BY put_at DESC, version DESC
