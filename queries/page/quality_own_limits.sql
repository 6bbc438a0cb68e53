-- purpose: Sources whose subjects asked for limits of their own that do not count: the law's limits govern them.
-- grain: one row per source system and kind of subject; none where nothing was refused
-- column: kind String = case or ticket
-- column: refused UInt64 = subjects with such a fact
-- column: subjects UInt64 = all subjects of the source
-- source: domain guide 2.6, configuration supervise.own_limits
SELECT 'case' AS kind, source_sys, countIf(limit_refused) AS refused, count() AS subjects FROM cases FINAL GROUP BY source_sys HAVING refused > 0
UNION ALL
SELECT 'ticket' AS kind, source_sys, countIf(limit_refused) AS refused, count() AS subjects FROM tickets FINAL GROUP BY source_sys HAVING refused > 0
ORDER BY refused DESC, source_sys, kind
