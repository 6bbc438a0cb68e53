-- Which cases take part in any figure: those that the caller asks for, without
-- test and secret ones (C4) and without parents of joint cases, whose sub-cases
-- are counted instead (C5). The links of joint cases spare a look at all cases.
-- param: source String ? = source system; empty = all
-- param: org String ? = organisation that answers for the case (C8); empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- include: region_filter
    ({source:String} = '' OR source_sys = {source:String})
    AND ({org:String} = '' OR org_code = {org:String})
    AND {{region_filter}}
    AND NOT is_test AND NOT secret
    AND (source_sys, case_no) NOT IN
    (
        SELECT source_sys, parent_case_no FROM cases FINAL
        PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links)
        WHERE parent_case_no != '' AND NOT is_test AND NOT secret AND first_at <= {as_of:DateTime64(3,'UTC')}
            AND ({source:String} = '' OR source_sys = {source:String})
    )
