-- purpose: Cut a large change of chains into pieces that fit into memory.
-- grain: one row per kind of subject and source of which more chains changed than a piece may have
-- param: after_version UInt64 = fold version up to which chains were looked at
-- param: until_version UInt64 = fold version up to which they are looked at now
-- param: piece UInt64 = chains of a piece, about
-- param: every UInt64 = bounds are taken from every so manieth subject, so that pieces are about even
-- column: kind String = kind of subject
-- column: source String = source system
-- column: sample Array(String) = numbers of subjects that bounds are chosen from, ascending
-- column: pieces UInt64 = how many pieces
-- column: bounds Array(String) = numbers of subjects with which the second piece and those after it begin, ascending
-- source: docs/supervision.md section 8
SELECT toString(subject_kind) AS kind, toString(source_sys) AS source, arraySort(groupUniqArrayIf(subject_no, cityHash64(subject_no) % {every:UInt64} = 0)) AS sample,
    intDiv(count(), {piece:UInt64}) + 1 AS pieces,
    arrayDistinct(arrayMap(i -> sample[intDiv(length(sample) * i, pieces) + 1], range(1, if(empty(sample), 1, pieces)))) AS bounds
FROM alert_chains
WHERE fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
GROUP BY kind, source
HAVING count() > {piece:UInt64} AND notEmpty(bounds)
ORDER BY kind, source
