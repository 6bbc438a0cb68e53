-- purpose: Note what belongs to this database.
-- grain: one row: the mark
-- param: name String = instance or token-key
-- param: value String = fingerprint
-- param: at DateTime64(3,'UTC') = when
INSERT INTO instance_marks (name, value, at)
SELECT {name:String}, {value:String}, {at:DateTime64(3,'UTC')}
