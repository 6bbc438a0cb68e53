-- As figure_cases, of tickets.
-- param: since UInt64 = fold version up to which the ledger is complete
-- param: after_source String ? = source of the last subject before the part; empty = from the beginning
-- param: after_subject String ? = its number
-- param: until_source String ? = source of the last subject of the part; empty = to the end
-- param: until_subject String ? = its number
-- param: undone UInt64 ? = take the subjects whose rows were undone under this version or later instead; 0 = none
figure_subjects AS
(
    SELECT source_sys, ticket_no AS subject FROM tickets
    WHERE fold_version > {since:UInt64}
        AND (source_sys > {after_source:String} OR source_sys = {after_source:String} AND ticket_no > {after_subject:String})
        AND ({until_source:String} = '' OR source_sys < {until_source:String} OR source_sys = {until_source:String} AND ticket_no <= {until_subject:String})
    UNION DISTINCT
    SELECT source_sys, subject FROM fact_conflicts WHERE topic = 'hotline-tickets' AND fold_version > {since:UInt64} AND {until_source:String} = ''
    UNION DISTINCT
    SELECT source_sys, subject FROM movement_sets WHERE {undone:UInt64} > 0 AND subject_kind = 'ticket' AND round >= {undone:UInt64}
)
