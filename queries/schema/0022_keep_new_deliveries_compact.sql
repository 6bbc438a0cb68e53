-- As with case_events.
ALTER TABLE deliveries MODIFY SETTING min_bytes_for_wide_part = 268435456
