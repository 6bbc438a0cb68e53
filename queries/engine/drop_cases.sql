-- purpose: Take away the states of cases of which no fact is in force any more.
-- grain: one row goes per case named
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
DELETE FROM cases
WHERE (source_sys, case_no) IN (SELECT s, n FROM (SELECT {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ss AS s, ns AS n)
