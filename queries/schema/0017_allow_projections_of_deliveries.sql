-- Merges of a replacing table may keep a projection only if they build it anew.
ALTER TABLE deliveries MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild'
