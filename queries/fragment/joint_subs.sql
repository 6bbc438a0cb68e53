-- The sub-cases of {{joint_parents}}. They are looked for by the column
-- parent_case_no alone, which is empty nearly everywhere, and then read by key.
-- include: case_subjects
SELECT *
FROM cases FINAL
WHERE (source_sys, case_no) IN
    (
        SELECT source_sys, case_no
        FROM cases
        WHERE parent_case_no != '' AND parent_case_no != case_no
            AND (source_sys, parent_case_no) IN (SELECT source_sys, if(parent_case_no = '', case_no, parent_case_no) FROM ({{case_subjects}}))
    )
    AND parent_case_no != '' AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
