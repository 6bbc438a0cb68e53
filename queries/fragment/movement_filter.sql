-- Which movements a figure is made of: of the asked subjects, as of as_of, in the period.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: source String ? = source system; empty = all
-- param: org String ? = organisation that answers; empty = all
-- include: figure_limit, org_filter_then, region_filter
at < {{figure_limit}}
    AND (measure IN ('open', 'overdue', 'overdue_law', 'late') OR at >= {from:DateTime64(3,'UTC')})
    AND (behind_ms < 0 OR behind_ms = 0 AND at >= {from:DateTime64(3,'UTC')} OR toUnixTimestamp64Milli(at) - behind_ms >= toUnixTimestamp64Milli({from:DateTime64(3,'UTC')}))
    AND (late_ms = 0 OR toUnixTimestamp64Milli(at) + late_ms <= toUnixTimestamp64Milli({as_of:DateTime64(3,'UTC')}))
    AND ({source:String} = '' OR source_sys = {source:String})
    AND {{org_filter_then}}
    AND {{region_filter}}
