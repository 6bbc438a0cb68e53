-- purpose: Items under supervision (监察覆盖率).
-- grain: one row per group
-- column: numerator UInt64 = items with events of cases in the period
-- column: denominator UInt64 = service items in force
-- source: domain guide 5.8, G03
-- dims: item
-- evidence: list_items
-- include: items_in_force, ratio
-- The rules watch every item that has events.
WITH figure_rows AS
(
SELECT f.*, arrayExists(d -> d >= toDate32(f.period_from, 'Asia/Shanghai') AND d <= toDate32(subtractMilliseconds(f.period_at, 1), 'Asia/Shanghai'), lived.days) AS in_numerator, true AS in_denominator
FROM ({{items_in_force}}) AS f
ANY LEFT JOIN (SELECT task_code, groupUniqArrayArray(arrayMap(t -> toDate32(t, 'Asia/Shanghai'), f_at)) AS days FROM cases FINAL WHERE NOT is_test AND NOT secret AND h_excluded[-1] != 'void' GROUP BY task_code) AS lived ON lived.task_code = f.task_code
)
{{ratio}}
