-- The parents of joint cases that the cases of {{case_subjects}} touch: themselves, or
-- the parents of those that are sub-cases. A parent and its sub-cases come from one
-- source. Rules about joint cases answer for all of them, also for those that were
-- not folded in the round, so that a fact of a sub-case moves the alert of its parent.
-- A case that is not joint and has no sub-case is no parent.
-- include: case_subjects
SELECT *
FROM cases FINAL
PREWHERE (source_sys, case_no) IN
    (
        SELECT source_sys, if(parent_case_no = '', case_no, parent_case_no) FROM ({{case_subjects}}) WHERE parent_case_no != '' OR project_type = 'joint'
        UNION ALL
        SELECT source_sys, parent_case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source_sys, case_no FROM ({{case_subjects}}) WHERE parent_case_no = '')
    )
WHERE parent_case_no = '' AND NOT is_test AND NOT secret AND h_excluded[-1] NOT IN ('void', 'incomplete')
