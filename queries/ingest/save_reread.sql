-- purpose: Note how far a range is that is to be read from the broker once more.
-- grain: one row: one step of one range
-- param: topic String = the topic
-- param: partition UInt32 = its partition
-- param: from_offset UInt64 = first place
-- param: until_offset UInt64 = place behind the last
-- param: asked_at DateTime64(3,'UTC') = when it was asked for
-- param: reason String = facts_lost, ledger_hole, ledger_short or asked
-- param: read_at DateTime64(3,'UTC') = when it was read; 1970-01-01 = not yet
-- param: folded_at DateTime64(3,'UTC') = when it was folded; 1970-01-01 = not yet
-- param: step UInt8 = 0 asked, 1 read, 2 folded
INSERT INTO rereads (topic, partition, from_offset, until_offset, asked_at, reason, read_at, folded_at, step)
SELECT {topic:String}, {partition:UInt32}, {from_offset:UInt64}, {until_offset:UInt64}, {asked_at:DateTime64(3,'UTC')}, {reason:String},
    nullIf({read_at:DateTime64(3,'UTC')}, toDateTime64(0, 3, 'UTC')), nullIf({folded_at:DateTime64(3,'UTC')}, toDateTime64(0, 3, 'UTC')), {step:UInt8}
