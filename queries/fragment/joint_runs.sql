-- The runs of a joint stage: those of its parts as one, those that touch or overlap joined, nothing beyond the end of the parent. Uses
-- runs_given, (from, until) of each run of each part in order, and accepted_at and own_end of the parent.
if(empty(runs_clipped), [(accepted_at, greatest(accepted_at, least(own_end, runs_given[1].2)))],
    arrayFold((acc, r) -> if(notEmpty(acc) AND r.1 <= acc[-1].2, arrayPushBack(arrayPopBack(acc), (acc[-1].1, greatest(acc[-1].2, r.2))), arrayPushBack(acc, r)),
        runs_clipped, arrayResize(runs_clipped, 0)))
