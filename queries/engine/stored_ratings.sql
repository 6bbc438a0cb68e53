-- purpose: Tell which of some rated subjects have a state.
-- grain: one row per subject
-- param: kinds Array(String) = kind of each
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
-- column: subject_kind String = case, ticket or none
-- column: subject_sys String = source system of what is rated
-- column: subject String = number of a rated subject that has a state
SELECT subject_kind, subject_sys, subject_no AS subject
FROM rating_states FINAL
WHERE (subject_kind, subject_sys, subject_no) IN
    (SELECT k, s, n FROM (SELECT {kinds:Array(String)} AS ks, {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ks AS k, ss AS s, ns AS n)
