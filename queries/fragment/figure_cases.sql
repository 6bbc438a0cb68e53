-- The cases of a part of a pass over the ledger of movements, to be put into a WITH clause: those
-- folded since, or contested since (they may have lost their state), with the parents that they have, or once had.
-- param: since UInt64 = fold version up to which the ledger is complete
-- param: after_source String ? = source of the last subject before the part; empty = from the beginning
-- param: after_subject String ? = its number
-- param: until_source String ? = source of the last subject of the part; empty = to the end
-- param: until_subject String ? = its number
-- param: undone UInt64 ? = take the subjects whose rows were undone under this version or later instead; 0 = none
figure_keys AS
(
    SELECT source_sys, case_no AS subject FROM cases
    WHERE fold_version > {since:UInt64}
        AND (source_sys > {after_source:String} OR source_sys = {after_source:String} AND case_no > {after_subject:String})
        AND ({until_source:String} = '' OR source_sys < {until_source:String} OR source_sys = {until_source:String} AND case_no <= {until_subject:String})
    UNION ALL
    SELECT source_sys, subject FROM fact_conflicts WHERE topic = 'case-events' AND fold_version > {since:UInt64} AND {until_source:String} = ''
    UNION ALL
    SELECT source_sys, subject FROM movement_sets WHERE {undone:UInt64} > 0 AND subject_kind = 'case' AND round >= {undone:UInt64}
),
figure_subjects AS
(
    SELECT source_sys, subject FROM figure_keys
    UNION DISTINCT
    SELECT source_sys, parent_case_no AS subject FROM case_links WHERE (source_sys, case_no) IN (SELECT source_sys, subject FROM figure_keys)
)
