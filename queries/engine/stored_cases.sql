-- purpose: Tell which of some cases have a state.
-- grain: one row per case
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
-- column: source_sys String = source system
-- column: subject String = number of a case that has a state
SELECT source_sys, case_no AS subject
FROM cases FINAL
WHERE (source_sys, case_no) IN (SELECT s, n FROM (SELECT {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ss AS s, ns AS n)
