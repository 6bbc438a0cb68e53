-- purpose: Tell when the next notice is to be sent.
-- grain: one row
-- include: open_notices
-- param: since DateTime64(3,'UTC') = older windows are not looked at
-- param: at DateTime64(3,'UTC') = notices whose turn comes later are not looked at
-- column: next Nullable(DateTime64(3,'UTC')) = the earliest turn; null = there is none by then
SELECT minOrNull(next_at) AS next
FROM ({{open_notices}})
