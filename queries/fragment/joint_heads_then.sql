-- The parents of joint cases as of an instant (C5): those with a sub-case that became one in
-- time and counted, at the parent's own due and still. A case that is a sub-case itself is none, and one whose
-- sub-cases all ended without a result is an ordinary one again, and so is one that goes on beyond its own
-- due when they all are done: somebody has to answer for it.
-- include: joint_pairs
-- param: as_of DateTime64(3,'UTC') = the instant asked for
SELECT parent_sys, parent_no
FROM ({{joint_pairs}})
WHERE member_since <= {as_of:DateTime64(3,'UTC')} AND s_excluded[arrayLastIndex(x -> x <= {as_of:DateTime64(3,'UTC')} AND ifNull(x <= p_last_due, true), s_at)] = ''
    AND s_excluded[arrayLastIndex(x -> x <= {as_of:DateTime64(3,'UTC')}, s_at)] = ''
    AND (leads OR {as_of:DateTime64(3,'UTC')} <= p_last_due)
    AND NOT (p_parent != '' AND p_since <= {as_of:DateTime64(3,'UTC')})
