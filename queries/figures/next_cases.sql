-- purpose: Find the last case of the next part of a pass over the ledger of movements.
-- grain: one row; none where the part is the last one
-- param: since UInt64 = fold version up to which the ledger is complete
-- param: after_source String ? = source of the last case of the part before; empty = from the beginning
-- param: after_subject String ? = its number
-- param: size UInt64 = cases of a part
-- column: source_sys String = source system
-- column: subject String = number
SELECT source_sys, case_no AS subject
FROM cases
WHERE fold_version > {since:UInt64} AND (source_sys > {after_source:String} OR source_sys = {after_source:String} AND case_no > {after_subject:String})
ORDER BY source_sys, case_no
LIMIT 1 OFFSET {size:UInt64}
