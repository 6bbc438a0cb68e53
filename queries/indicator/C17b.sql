-- purpose: Days of a joint stage (并联阶段用时).
-- grain: one row per group
-- column: numerator Float64 = sum of the working days of the stages
-- column: denominator Float64 = stages that ended in the period
-- source: domain guide 5.4, C17
-- dims: case
-- evidence: list_cases
-- include: rows_stages, sums
WITH figure_rows AS
(
SELECT s.*, toFloat64(greatest(stop_index - start_index, 0)) AS part, 1. AS whole
FROM ({{rows_stages}}) AS s
INNER JOIN (SELECT version, day, workday_index AS start_index FROM calendar_days FINAL) AS a ON a.version = s.calendar_version AND a.day = toDate32(assumeNotNull(s.accepted_at), 'Asia/Shanghai')
INNER JOIN (SELECT version, day, workday_index AS stop_index FROM calendar_days FINAL) AS b ON b.version = s.calendar_version AND b.day = toDate32(assumeNotNull(s.stage_stop), 'Asia/Shanghai')
)
{{sums}}
