-- The parents of joint cases, all of them: the cases that another one names as its
-- parent. Figures and rates count their sub-cases in their place (C5).
SELECT source_sys, parent_case_no
FROM cases FINAL
PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links)
WHERE parent_case_no != '' AND parent_case_no != case_no
