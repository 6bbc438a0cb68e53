-- purpose: Case numbers that stand in more than one source system: two cases, both counted, unless somebody sees that they are one; secret ones are left out.
-- grain: one row per case number
-- param: max_rows UInt32 = at most so many
-- column: sources Array(String) = the source systems
-- column: last_at DateTime64(3,'UTC') = latest occurrence in any of them
-- column: total UInt64 = all such numbers
-- source: domain guide 1.2 (the key of a case is source and number), 5.3 B05
SELECT case_no AS subject_no, arraySort(groupUniqArray(toString(source_sys))) AS sources, max(last_at) AS last_at, count() OVER () AS total
FROM cases FINAL
WHERE NOT secret AND NOT hidden
GROUP BY case_no
HAVING length(sources) > 1
ORDER BY last_at DESC, subject_no
LIMIT {max_rows:UInt32}
