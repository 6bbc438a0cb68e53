-- The parents of joint cases, all of them: the cases that another one, which counts, names
-- as its parent. Figures and rates count their sub-cases in their place (C5), from the
-- beginning of the first one on: what was asked about a time before it stays as it was.
-- column: parent_since DateTime64(3, 'UTC') = beginning of the first sub-case
SELECT source_sys AS parent_sys, parent_case_no AS parent_no, min(first_at) AS parent_since
FROM cases FINAL
PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links)
WHERE parent_case_no != '' AND parent_case_no != case_no AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
GROUP BY source_sys, parent_case_no
