-- Cases finished in the period; the numerator those with a rating that a person
-- gave. A rating taken out by decision is none.
-- include: rows_finished
SELECT * REPLACE (
    (source_sys, case_no) IN
    (
        SELECT subject_sys, subject_no FROM rating_states FINAL
        WHERE subject_kind = 'case'
            AND arrayExists(
                (status, since, until) -> status NOT IN ('default', 'excluded') AND since <= {as_of:DateTime64(3,'UTC')} AND {as_of:DateTime64(3,'UTC')} < until,
                r_status, r_from, r_until)
    ) AS in_numerator)
FROM ({{rows_finished}})
WHERE excluded != 'incomplete'
