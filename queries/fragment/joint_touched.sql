-- The joint cases that a round touches, by source and number: the cases just folded, or
-- the parents of those that are sub-cases, now or once. Cases that count for nothing
-- belong to it too: a sub-case that was withdrawn from its parent moves it.
-- param: states Identifier = cases or cases_now
-- param: version UInt64 = fold version of the round; 0 = all
SELECT source_sys, if(parent_case_no = '', case_no, parent_case_no) AS parent_no
FROM {states:Identifier}
WHERE ({version:UInt64} = 0 OR fold_version = {version:UInt64}) AND (parent_case_no != '' OR project_type = 'joint')
UNION ALL
SELECT source_sys, parent_case_no FROM case_links
WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM {states:Identifier} WHERE {version:UInt64} = 0 OR fold_version = {version:UInt64})
UNION ALL
SELECT source_sys, parent_case_no FROM case_links
WHERE (source_sys, parent_case_no) IN (SELECT source_sys, case_no FROM {states:Identifier} WHERE {version:UInt64} = 0 OR fold_version = {version:UInt64})
