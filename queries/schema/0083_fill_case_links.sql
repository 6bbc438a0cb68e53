-- The links of the states that were there before.
INSERT INTO case_links
SELECT source_sys, parent_case_no, case_no
FROM cases
WHERE parent_case_no != '' AND parent_case_no != case_no
