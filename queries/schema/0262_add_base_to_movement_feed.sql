-- What movement_sets is to say of before.
ALTER TABLE movement_feed
    ADD COLUMN IF NOT EXISTS base_dims Tuple(region_code String, task_code String, item_type String, project_type String, channel String, window_id String, kind String, called_number String, org_code String),
    ADD COLUMN IF NOT EXISTS base_m Array(Tuple(measure String, at10 Int64, late_ms Int64, behind_ms Int64, facets UInt16, value Int32, org_code String, n Int16))
