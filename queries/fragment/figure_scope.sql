-- What a question is about, for rows with source_sys, org_code and region_code.
-- param: source String ? = source system; empty = all
-- param: org String ? = organisation (C8); empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- include: org_filter, region_filter
    ({source:String} = '' OR source_sys = {source:String})
    AND {{org_filter}}
    AND {{region_filter}}
