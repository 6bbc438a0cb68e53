-- purpose: Compare the alerts that were raised with those that the ledger of a simulation expects, rule by rule.
-- grain: one row per rule
-- include: ledger_pairs
-- param: rules Array(String) = the rules in force; each has a row
-- column: rule String = rule
-- column: expected UInt64 = alerts in the ledger
-- column: raised UInt64 = alerts that were announced
-- column: missing UInt64 = expected and not raised
-- column: extra UInt64 = raised and not expected
-- column: different UInt64 = raised as expected, but with another severity, since another instant or with another end
-- column: tolerance Float64 = share of the expected alerts by which a statistical rule may be off; 0 = exact
-- column: verdict String = equal, within tolerance, differs; none = neither expected nor raised
SELECT
    rule, sum(w) AS expected, sum(g) AS raised, sum(m) AS missing, sum(e) AS extra, sum(d) AS different, max(t) AS tolerance,
    multiIf(expected = 0 AND raised = 0, 'none', missing + extra + different = 0, 'equal',
        tolerance > 0 AND missing + extra + different <= ceil(tolerance * expected), 'within tolerance', 'differs') AS verdict
FROM
(
    SELECT rule, countIf(wanted) AS w, countIf(given) AS g, countIf(wanted AND NOT given) AS m, countIf(given AND NOT wanted) AS e,
        countIf(wanted AND given AND want != got) AS d, max(tolerance) AS t
    FROM ({{ledger_pairs}})
    GROUP BY rule
    UNION ALL
    SELECT arrayJoin({rules:Array(String)}) AS rule, 0, 0, 0, 0, 0, 0
)
GROUP BY rule
ORDER BY rule
