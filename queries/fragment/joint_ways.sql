-- What ends a sub-case, with a result (2) or without one (1), and what takes an end back (3): its
-- moment, when it was known, which is its moment when it was told within a day
-- of it (domain guide 2.6), and whether the life cycle allows it. Uses f_ arrays of the sub-case.
arrayMap(w -> (multiIf(w.1 IN ('withdraw', 'terminate'), 1, w.1 = 'reopen', 3, 2), w.2, if(w.3 <= addHours(w.2, 24), w.2, w.3), w.4),
    arrayFilter(w -> w.1 IN ('withdraw', 'terminate', 'reopen', 'decide', 'finish', 'deemed_consent'), arrayZip(f_type, f_at, f_first_received_at, f_legal)))
