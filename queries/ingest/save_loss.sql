-- purpose: Remember what the broker no longer had when it was to be read.
-- grain: one row: one loss
-- param: topic String = the topic
-- param: partition UInt32 = its partition
-- param: from_offset UInt64 = place of the first in the ledger
-- param: until_offset UInt64 = place behind the last
-- param: kind String = unread, stored, made_anew or rewound
-- param: messages UInt64 = how many
-- param: before_at DateTime64(3,'UTC') = arrival of the last message known before
-- param: at DateTime64(3,'UTC') = when it was noticed
INSERT INTO ingest_losses (topic, partition, from_offset, until_offset, kind, messages, before_at, noticed_at)
VALUES ({topic:String}, {partition:UInt32}, {from_offset:UInt64}, {until_offset:UInt64}, {kind:String}, {messages:UInt64},
    {before_at:DateTime64(3,'UTC')}, {at:DateTime64(3,'UTC')})
