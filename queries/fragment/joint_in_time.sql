-- Whether a sub-case was named before its parent's own due and stop, by what held for the
-- parent then (docs/supervision.md, section 10): a case that is late, or done, is not made
-- the parent of a joint case afterwards. Uses named_at, and the history of the parent as
-- p_at, p_stop and p_due; a parent without a fact by then, or without a due, has neither.
arrayMap(i -> i = 0 OR isNull(p_stop[i]) AND ifNull(named_at <= p_due[i], true), [arrayLastIndex(t -> t <= named_at, p_at)])[1]
