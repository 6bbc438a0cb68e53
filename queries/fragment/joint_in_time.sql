-- Whether a sub-case became one before its parent's own due and stop, by what held for the
-- parent then (docs/supervision.md, section 10): a case that is late, or done, is not made
-- the parent of a joint case afterwards. A sub-case becomes one when it is named and
-- accepted, and both must have arrived by that due as well, or within a day of it; of a parent that arrived as a
-- whole after it, which is history, within a day of the parent: what a source says about
-- the past makes nobody a part of it. Nor does it make a part that goes on of one
-- that had ended without a result, when that is said of the time before the due afterwards: what takes an end back counts at the due when it was told by then, or
-- within a day of its moment (2.6). Uses
-- member_since, member_told_at and ways (joint_ways) of the sub-case, and of the parent its first arrival
-- p_told and its history as p_at, p_stop and p_due; a parent without a fact by then, or
-- without a due, has neither, and is held to the first due that it has.
arrayMap(i -> isNotNull(member_since) AND (i = 0 OR isNull(p_stop[i]) AND ifNull(member_since <= p_due[i], true))
    AND arrayMap(due -> ifNull(member_told_at <= due OR member_told_at <= addHours(member_since, 24), true) OR p_told > due AND ifNull(member_told_at <= addHours(p_told, 24), true), [coalesce(if(i = 0, NULL, p_due[i]), arrayFirst(d -> isNotNull(d), p_due))])[1],
    [arrayLastIndex(t -> ifNull(t <= member_since, false), p_at)])[1]
    AND NOT (arrayExists(r -> r.1 != 1 AND ifNull(r.2 <= p_due[-1] AND r.3 > p_due[-1], false), ways) AND arrayMap(known -> arrayExists(e -> e.1 = 1 AND (e.4 OR NOT arrayExists(r -> r.1 != 1 AND r.2 <= e.2 AND r.3 <= e.3, known)) AND NOT arrayExists(r -> r.1 != 1 AND r.3 > e.3, known), known),
        [arrayFilter(w -> ifNull(w.2 <= p_due[-1] AND w.3 <= p_due[-1], true), ways)])[1])
