-- purpose: Remember what all states were folded with.
-- grain: one row: the mark
-- param: name String = name of the mark
-- param: value String = the mark
-- param: fold_version UInt64 = version of the fold that brought it about
-- param: at DateTime64(3,'UTC') = when
INSERT INTO fold_marks (name, value, fold_version, at)
SELECT {name:String}, {value:String}, {fold_version:UInt64}, {at:DateTime64(3,'UTC')}
