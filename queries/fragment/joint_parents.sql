-- The parents of joint cases that a round touches. A parent and its sub-cases come from
-- one source. Rules about joint cases answer for all of them, also for those that were
-- not folded in the round, so that a fact of a sub-case moves the alert of its parent.
-- A case that is not joint and has no sub-case is no parent.
-- include: joint_touched
SELECT *
FROM cases FINAL
PREWHERE (source_sys, case_no) IN ({{joint_touched}})
WHERE parent_case_no = '' AND NOT is_test AND NOT secret AND h_excluded[-1] NOT IN ('void', 'incomplete')
