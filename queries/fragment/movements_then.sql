-- The movements behind a figure, as known at known_at.
-- param: known_at DateTime64(3,'UTC') ? = what had been recorded by then; nothing = all
-- include: movement_filter
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM movements
WHERE {{movement_filter}}
    AND (toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR known_at <= {known_at:DateTime64(3,'UTC')})
