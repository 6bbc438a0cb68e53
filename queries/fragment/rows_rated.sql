-- Cases finished in the period; the numerator those with a rating that a person
-- gave. A rating taken out by decision is none, nor
-- is one that came before the service.
-- include: rows_finished, rating_exclusions
SELECT * REPLACE (
    (source_sys, case_no) IN
    (
        SELECT subject_sys, subject_no FROM rating_states FINAL
        WHERE subject_kind = 'case'
            AND arrayExists(
                (status, since, until, sys, id) -> status NOT IN ('default', 'excluded', 'early') AND since <= {as_of:DateTime64(3,'UTC')} AND {as_of:DateTime64(3,'UTC')} < until
                    AND NOT has((SELECT groupArray(id) FROM ({{rating_exclusions}})), lower(hex(sipHash128('rating', toString(sys), id)))),
                r_status, r_from, r_until, r_source_sys, r_rating_id)
    ) AS in_numerator)
FROM ({{rows_finished}})
