-- A state has a hundred columns: what a round writes is one file, not three hundred.
ALTER TABLE cases MODIFY SETTING min_bytes_for_wide_part = 268435456
