-- purpose: The on-time flag that the source itself gives beside the outcome worked out from its deadline.
-- grain: one row per source, flag and outcome
-- column: source_on_time String = the flag as written; empty = none given
-- column: outcome String = outcome by the due of the basis asked for
-- column: subjects UInt64 = cases
-- source: domain guide 5.1
-- include: rows_case_outcomes
WITH figure_rows AS
(
{{rows_case_outcomes}}
)
SELECT source_sys, source_on_time, outcome, count() AS subjects
FROM figure_rows
GROUP BY source_sys, source_on_time, outcome
ORDER BY source_sys, source_on_time, outcome
