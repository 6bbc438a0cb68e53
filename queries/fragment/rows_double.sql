-- Cases applied for in the period; the numerator those that were entered in another source
-- as well: the same applicant applied for the same item there within a day (domain guide 5.3, B05).
-- include: rows_applied, applicants
SELECT * REPLACE ((source_sys, case_no) IN
    (
        SELECT a.source_sys, a.case_no
        FROM ({{applicants}}) AS a
        INNER JOIN ({{applicants}}) AS b ON b.task_code = a.task_code AND b.applicant = a.applicant
        WHERE b.source_sys != a.source_sys AND abs(dateDiff('millisecond', a.at, b.at)) <= 86400000
    ) AS in_numerator)
FROM ({{rows_applied}})
WHERE excluded != 'incomplete'
