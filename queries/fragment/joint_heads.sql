-- The parents of joint cases among those that a round touches, by a sub-case that
-- became one in time and counts: one that was withdrawn, or never accepted, makes none, nor one that was done
-- while the parent goes on beyond its own due, or may. Figures
-- count their sub-cases in their place (C5), and their limit is that of the stage (K9), not
-- K3 and K4 (domain guide 2.5).
-- include: joint_touched, joint_subs
SELECT source_sys, parent_case_no
FROM ({{joint_subs}})
WHERE in_time AND counted AND leads
