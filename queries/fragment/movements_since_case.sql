-- movements_since, of the cases.
-- include: figure_cases, case_movements, movements_since
WITH
    'case' AS of_kind,
    {{figure_cases}},
    wanted AS ({{case_movements}})
{{movements_since}}
