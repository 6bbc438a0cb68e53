-- purpose: Hold the ledger of movements against the states, of a sample of the cases.
-- grain: one row per movement that only one of them has; none when they agree
-- include: case_movements, movements_differing
WITH
    'case' AS of_kind,
    figure_subjects AS
    (
        SELECT source_sys, case_no AS subject FROM cases WHERE cityHash64(case_no) % {every:UInt64} = 0
        UNION DISTINCT
        SELECT source_sys, subject FROM movement_sets WHERE subject_kind = of_kind AND cityHash64(subject) % {every:UInt64} = 0
    ),
    wanted AS ({{case_movements}})
{{movements_differing}}
