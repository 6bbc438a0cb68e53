-- What the rows of the subject added up to when the last pass that is through was noted, for a set that
-- was written since: so that what is known by that pass can be taken out while the next one writes. Empty
-- where there was nothing, and meaningless once the pass that wrote the set is noted itself.
ALTER TABLE movement_sets
    ADD COLUMN IF NOT EXISTS base_dims Tuple(region_code String, task_code String, item_type String, project_type String, channel String, window_id String, kind String, called_number String, org_code String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS base_m Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16)) CODEC(ZSTD(1))
