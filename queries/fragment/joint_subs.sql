-- The sub-cases of the joint cases that a round touches: looked for in the links of joint cases, then read
-- by key.
-- include: joint_touched
SELECT *
FROM cases FINAL
PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links WHERE (source_sys, parent_case_no) IN ({{joint_touched}}))
WHERE parent_case_no != '' AND parent_case_no != case_no AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
