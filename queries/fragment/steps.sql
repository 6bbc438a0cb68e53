-- Putting steps together, for a WITH clause. Steps are tuples (instant, severity).
-- sev_rank(s): 0 for '', 1 notice … 4 red
-- tidy_steps(a): states in any order → steps; of one instant the gravest counts, what changes nothing is dropped
-- rising_steps(a): the same for violations, which stay on record: only what is graver than all before
-- far: the instant that stands for "not yet"
toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS far,
s -> toInt16(indexOf(['notice', 'warning', 'yellow', 'red'], s)) AS sev_rank,
a -> arraySort(x -> (x.1, -sev_rank(x.2)), a) AS in_order,
a -> arrayFilter((x, i) -> i = 1 OR x.1 != a[i - 1].1, a, arrayEnumerate(a)) AS one_per_instant,
a -> arrayFilter((x, i) -> x.2 != if(i = 1, '', a[i - 1].2), a, arrayEnumerate(a)) AS changes,
a -> changes(one_per_instant(in_order(a))) AS tidy_steps,
a -> arrayFilter((x, i) -> sev_rank(x.2) > arrayReduce('max', arrayMap(y -> sev_rank(y.2), arraySlice(a, 1, i - 1))), a, arrayEnumerate(a)) AS graver,
a -> graver(in_order(a)) AS rising_steps
