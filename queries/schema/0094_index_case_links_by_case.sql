-- The way from a sub-case to the parents that it has, or once had.
ALTER TABLE case_links ADD INDEX IF NOT EXISTS by_case case_no TYPE bloom_filter GRANULARITY 1
