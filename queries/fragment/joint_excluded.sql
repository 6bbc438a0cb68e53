-- What keeps a sub-case out of those that make a joint case, by the entries of its history: an end without a result. One that
-- had its result has it, whatever is said of it afterwards. Uses h_ arrays of the sub-case.
arrayMap((x, d, f) -> if(x IN ('withdrawn', 'terminated_by_applicant', 'terminated_before_due', 'not_accepted') AND (isNotNull(d) OR isNotNull(f)), '', toString(x)), h_excluded, h_decided_at, h_finished_at)
