-- purpose: Record that somebody has taken note of the losses that nobody has taken note of.
-- grain: one row per loss that nobody had taken note of
-- param: topic String ? = only those of this topic; empty means all
-- param: until DateTime64(3,'UTC') = only those noticed up to then: what was shown to the person
-- param: by String = who
-- param: reason String = why the figures can stand as they are
-- param: at DateTime64(3,'UTC') = when
INSERT INTO loss_acknowledgements (topic, partition, from_offset, until_offset, kind, acknowledged_at, acknowledged_by, reason)
SELECT topic, partition, from_offset, until_offset, kind, {at:DateTime64(3,'UTC')}, {by:String}, {reason:String}
FROM ingest_losses
WHERE ({topic:String} = '' OR topic = {topic:String})
    AND (topic, partition, from_offset, until_offset, kind) NOT IN
        (SELECT topic, partition, from_offset, until_offset, kind FROM loss_acknowledgements)
GROUP BY topic, partition, from_offset, until_offset, kind
HAVING min(noticed_at) <= {until:DateTime64(3,'UTC')}
