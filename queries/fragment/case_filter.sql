-- Which cases take part in any figure: those that the caller asks for, without
-- test and secret ones (C4) and without parents of joint cases, whose sub-cases
-- are counted instead (C5). Every case is counted, itself or by its sub-cases.
-- param: source String ? = source system; empty = all
-- param: org String ? = organisation that answers for the case (C8); empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- include: org_filter, region_filter, joint_heads_then, joint_pairs, joint_in_time
    ({source:String} = '' OR source_sys = {source:String})
    AND {{org_filter}}
    AND {{region_filter}}
    AND NOT is_test AND NOT secret
    AND (source_sys, case_no) NOT IN ({{joint_heads_then}})
