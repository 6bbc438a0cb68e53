-- The parents of joint cases, all of them: see joint_heads. Figures and rates count their
-- sub-cases in their place (C5), from the first one on: what was asked about a time before
-- it stays as it was.
-- column: head_since Nullable(DateTime64(3, 'UTC')) = since when it has a sub-case
-- include: joint_pairs
SELECT parent_sys, parent_no, min(member_since) AS head_since
FROM ({{joint_pairs}})
WHERE p_parent = '' AND leads AND s_excluded[arrayLastIndex(x -> ifNull(x <= p_last_due, true), s_at)] = '' AND s_excluded[-1] = ''
GROUP BY parent_sys, parent_no
