-- purpose: Read how far events are planned into notices.
-- grain: one row, or none before the first round
-- column: planned_version UInt64 = every event up to it is planned
SELECT planned_version FROM notice_cursors FINAL WHERE name = 'events'
