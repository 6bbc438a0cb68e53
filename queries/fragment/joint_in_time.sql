-- Whether a sub-case became one before its parent's own due and stop, by what held for the
-- parent then (docs/supervision.md, section 10): a case that is late, or done, is not made
-- the parent of a joint case afterwards. A sub-case becomes one when it is named and
-- accepted, and both must have arrived by that due as well, or within 72 hours of the
-- first arrival of the parent, which is how long the guide waits for the beginning of a
-- case (2.6, orphan): what a source says about the past makes nobody a part of it. Uses
-- member_since and member_told_at of the sub-case, and of the parent its first arrival
-- p_told and its history as p_at, p_stop and p_due; a parent without a fact by then, or
-- without a due, has neither, and is held to the first due that it has.
arrayMap(i -> isNotNull(member_since) AND (i = 0 OR isNull(p_stop[i]) AND ifNull(member_since <= p_due[i], true))
    AND (ifNull(member_told_at <= coalesce(if(i = 0, NULL, p_due[i]), arrayFirst(d -> isNotNull(d), p_due)), true) OR ifNull(member_told_at <= addHours(p_told, 72), true)),
    [arrayLastIndex(t -> ifNull(t <= member_since, false), p_at)])[1]
