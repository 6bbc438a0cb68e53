-- purpose: Remember how far events are planned into notices.
-- grain: one row: the cursor
-- param: planned_version UInt64 = every event up to it is planned
-- param: fold_version UInt64 = version of the round
-- param: at DateTime64(3,'UTC') = when
INSERT INTO notice_cursors (name, planned_version, fold_version, at)
SELECT 'events', {planned_version:UInt64}, {fold_version:UInt64}, {at:DateTime64(3,'UTC')}
