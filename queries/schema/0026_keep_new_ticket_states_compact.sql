-- As with cases.
ALTER TABLE tickets MODIFY SETTING min_bytes_for_wide_part = 268435456
