-- The cases that have limits of their own (K3, K4) among those that a rule looks at:
-- all but the parents of joint cases, and the cases that were such a parent until
-- their sub-cases were taken away in this round.
-- include: case_subjects_and_parents, case_subjects, joint_heads, joint_subs, joint_touched
SELECT *
FROM ({{case_subjects_and_parents}})
WHERE (source_sys, case_no) NOT IN ({{joint_heads}})
