-- What an insert writes is one file per part instead of eighty, which is a tenth
-- of the work of an insert; merged parts of this size and above are wide.
ALTER TABLE case_events MODIFY SETTING min_bytes_for_wide_part = 268435456
