-- The parts of a joint stage, of all cases that name its parent: those that somebody accepted, or the law, and that were told of by the
-- limit of the stage, or within a day of it (2.6; of a parent that arrived as a whole after it, within a day of the parent). One that becomes a part when
-- no other part went on and the limit was over is none; before it, it was dispatched late, for which the lead answers (2.5). One that is named in a
-- run after a rest belongs to that run. Uses named, tuples of (number, organisation, first fact, over its promise since, division, runs, ended without a result, since, told),
-- and of the parent first_due, last_due (with the extension) and parent_told.
arrayFold((acc, m) -> if(
        NOT arrayExists(k -> arrayExists(r -> r.1 <= m.8 AND m.8 < r.2, k.6), acc) AND m.8 > first_due,
        acc,
        arrayPushBack(acc, (m.1, m.2, m.3, m.4, m.5,
            arrayMap((r, n) -> if(n = 1, (arrayMax(arrayPushBack(arrayFilter(t -> t <= m.8, arrayFlatten(arrayMap(k -> arrayMap(x -> x.1, k.6), acc))), r.1)), r.2), r), m.6, arrayEnumerate(m.6)),
            m.7 AND m.6[-1].2 <= last_due, m.8, m.9))),
    arraySort(m -> (m.8, m.1), arrayFilter(m -> m.9 <= greatest(first_due, addHours(m.8, 24)) OR parent_told > first_due AND m.9 <= addHours(parent_told, 24), named)), arrayResize(named, 0))
