-- What ends a sub-case without a result, and what takes such an end back or comes in its place:
-- whether it is the former, its moment, when it was known, which is its moment when it was told within a day
-- of it (domain guide 2.6), and whether the life cycle allows it. Uses f_ arrays of the sub-case.
arrayMap(w -> (w.1 IN ('withdraw', 'terminate'), w.2, if(w.3 <= addHours(w.2, 24), w.2, w.3), w.4),
    arrayFilter(w -> w.1 IN ('withdraw', 'terminate', 'reopen', 'decide', 'finish', 'deemed_consent'), arrayZip(f_type, f_at, f_first_received_at, f_legal)))
