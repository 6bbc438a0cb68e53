-- The parts of a joint stage, of all cases that name its parent: one that does so when all before it were done is none. A part is
-- (number, organisation, first fact, over its promise since, division, runs, ended without a result).
arrayMap(m -> (m.1, m.2, m.3, m.4, m.5, m.6, m.7), arraySort(arrayFold((acc, m) -> if(empty(acc.1) OR m.8 <= acc.2, (arrayPushBack(acc.1, m), greatest(acc.2, m.6[-1].2)), acc),
    arraySort(m -> m.8, groupArray((case_no, toString(org_code), first_at, over_at, toString(region_code), case_runs, without_result, parent_since)) AS named), (arrayResize(named, 0), toDateTime64('1970-01-01 00:00:00', 3, 'UTC'))).1))
