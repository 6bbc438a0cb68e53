-- purpose: What the cases that were folded since a pass over the ledger of movements changed in it, whoever they are.
-- grain: one row per movement
-- The settings shorten the planning of a statement of so many levels.
-- include: figure_cases, case_movements, movements_since
WITH
    'case' AS of_kind,
    {{figure_cases}},
    wanted AS ({{case_movements}})
{{movements_since}}
SETTINGS optimize_and_compare_chain = 0, optimize_extract_common_expressions = 0, query_plan_merge_expressions = 0
