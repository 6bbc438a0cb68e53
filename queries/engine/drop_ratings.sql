-- purpose: Take away the states of rated subjects of which no rating is in force any more.
-- grain: one row goes per rated subject named
-- param: kinds Array(String) = kind of each
-- param: sources Array(String) = source system of each
-- param: subjects Array(String) = number of each
DELETE FROM rating_states
WHERE (subject_kind, subject_sys, subject_no) IN
    (SELECT k, s, n FROM (SELECT {kinds:Array(String)} AS ks, {sources:Array(String)} AS ss, {subjects:Array(String)} AS ns) ARRAY JOIN ks AS k, ss AS s, ns AS n)
