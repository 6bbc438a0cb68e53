-- Whether a sub-case speaks for its parent after the parent's own due: as was known then it went on, or the
-- parent had stopped. A project of type joint stops with its last sub-case (2.5); another parent that goes on when all
-- its sub-cases are done answers for itself, or nobody would
-- (C5: every case is counted, itself or by its sub-cases). Uses ways (joint_ways) of the sub-case, and of the
-- parent p_type, p_at, p_stop and p_due.
ifNull(p_type = 'joint' OR p_due[-1] IS NULL OR isNotNull(p_stop[arrayLastIndex(x -> ifNull(x <= p_due[-1], true), p_at)])
    OR arrayMap(known -> NOT arrayExists(e -> e.1 != 3 AND e.4 AND NOT arrayExists(r -> r.1 = 3 AND r.3 > e.3, known), known),
        [arrayFilter(w -> ifNull(w.2 <= p_due[-1] AND w.3 <= p_due[-1], true), ways)])[1], true)
