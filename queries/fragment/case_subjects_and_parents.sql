-- The cases that a rule looks at, and the parents of the joint cases that the round touches:
-- for rules whose answer about a case hangs on whether it has sub-cases.
-- include: case_subjects, joint_touched
SELECT *
FROM ({{case_subjects}})
UNION ALL
SELECT *
FROM cases FINAL
PREWHERE {version:UInt64} > 0 AND (source_sys, case_no) IN ({{joint_touched}})
WHERE fold_version < {version:UInt64} AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
