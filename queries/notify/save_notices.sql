-- purpose: Record what became of notices.
-- grain: one row per change of a notice
-- param: rows String = JSON array of rows; instants in milliseconds, sent_at 0 = not sent
-- param: fold_version UInt64 = version of the round
-- param: owner String = the process
-- param: at DateTime64(3,'UTC') = when
INSERT INTO notices (notice_id, fold_version, change, owner, message_id, window_at, events, org_code, person, rung, channel,
    severity, state, attempt, reason, possible_repeat, next_at, created_at, sent_at, updated_at)
SELECT
    r.notice_id, {fold_version:UInt64}, r.change, {owner:String}, r.message_id, fromUnixTimestamp64Milli(r.window_at, 'UTC'), r.events,
    r.org_code, r.person, r.rung, r.channel, r.severity, r.state, r.attempt, r.reason, r.possible_repeat,
    fromUnixTimestamp64Milli(r.next_at, 'UTC'), fromUnixTimestamp64Milli(r.created_at, 'UTC'),
    if(r.sent_at = 0, NULL, fromUnixTimestamp64Milli(r.sent_at, 'UTC')), {at:DateTime64(3,'UTC')}
FROM
(
    SELECT arrayJoin(JSONExtract({rows:String},
        'Array(Tuple(notice_id String, change UInt32, message_id String, window_at Int64, events Array(String), org_code String, person String, rung String, channel String, severity String, state String, attempt UInt16, reason String, possible_repeat Bool, next_at Int64, created_at Int64, sent_at Int64))')) AS r
)
