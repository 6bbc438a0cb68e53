-- The cases that have limits of their own (K3, K4) among those that a rule looks at:
-- all but the parents of joint cases, and the cases that were such a parent until
-- their sub-cases were taken away in this round.
-- include: case_subjects, joint_heads, joint_subs, joint_touched
SELECT *
FROM ({{case_subjects}})
WHERE (source_sys, case_no) NOT IN ({{joint_heads}})
UNION ALL
SELECT *
FROM cases FINAL
PREWHERE {version:UInt64} > 0 AND (source_sys, case_no) IN ({{joint_touched}})
WHERE fold_version < {version:UInt64} AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND (source_sys, case_no) NOT IN ({{joint_heads}})
