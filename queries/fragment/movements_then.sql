-- The movements behind a figure: of the asked subjects, as of as_of, as known at known_at, in the period.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: known_at DateTime64(3,'UTC') ? = what had been recorded by then; nothing = all
-- param: source String ? = source system; empty = all
-- param: org String ? = organisation that answers; empty = all
-- include: figure_limit, org_filter_then, region_filter
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM movements
WHERE at < {{figure_limit}}
    AND (measure IN ('open', 'overdue', 'overdue_law', 'late') OR at >= {from:DateTime64(3,'UTC')})
    AND (behind_ms < 0 OR behind_ms = 0 AND at >= {from:DateTime64(3,'UTC')} OR toUnixTimestamp64Milli(at) - behind_ms >= toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}))
    AND (late_ms = 0 OR toUnixTimestamp64Milli(at) + late_ms <= toUnixTimestamp64Milli({as_of:DateTime64(3,'UTC')}))
    AND (toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR known_at <= {known_at:DateTime64(3,'UTC')})
    AND ({source:String} = '' OR source_sys = {source:String})
    AND {{org_filter_then}}
    AND {{region_filter}}
