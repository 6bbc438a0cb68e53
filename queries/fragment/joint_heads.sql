-- The parents of joint cases among those that a round touches: the cases that another
-- one, which counts, names as its parent. Figures count their sub-cases in their place
-- (C5), and their limit is that of the stage (K9), not K3 and K4 (domain guide 2.5). A
-- sub-case keeps its own limits, also when another case names it as its parent.
-- include: joint_touched, joint_subs
SELECT source_sys, parent_case_no
FROM ({{joint_subs}})
WHERE (source_sys, parent_case_no) NOT IN
(
    SELECT source_sys, case_no FROM cases FINAL
    PREWHERE (source_sys, case_no) IN ({{joint_touched}})
    WHERE parent_case_no != '' AND parent_case_no != case_no
)
