-- The parents of joint cases among those that a round touches: the cases that another
-- one names as its parent. Figures count their sub-cases in their place (C5), and their
-- limit is that of the stage (K9), not K3 and K4 (domain guide 2.5).
-- include: joint_touched
SELECT source_sys, parent_case_no
FROM cases FINAL
PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links WHERE (source_sys, parent_case_no) IN ({{joint_touched}}))
WHERE parent_case_no != '' AND parent_case_no != case_no
