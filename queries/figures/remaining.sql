-- purpose: Count what the ledger of movements still has to look at of the pass under way.
-- grain: one row
-- param: since UInt64 = fold version up to which the ledger is complete
-- param: kind String ? = case or ticket: the kind that the pass has come to; empty = no pass is under way
-- param: after_source String ? = source of the last subject that is done
-- param: after_subject String ? = its number
-- column: cases UInt64 = cases left; one that is folded meanwhile may count twice
-- column: tickets UInt64 = tickets left
SELECT sum(c) AS cases, sum(t) AS tickets
FROM
(
    SELECT countIf({kind:String} != 'case' OR source_sys > {after_source:String} OR source_sys = {after_source:String} AND case_no > {after_subject:String}) AS c, toUInt64(0) AS t
    FROM cases
    WHERE fold_version > {since:UInt64} AND {kind:String} != 'ticket'
    UNION ALL
    SELECT toUInt64(0), countIf({kind:String} != 'ticket' OR source_sys > {after_source:String} OR source_sys = {after_source:String} AND ticket_no > {after_subject:String})
    FROM tickets
    WHERE fold_version > {since:UInt64}
)
