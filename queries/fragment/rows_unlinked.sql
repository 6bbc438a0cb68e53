-- Valid ratings; the numerator those without a served case or ticket.
-- include: rows_valid_ratings
SELECT * REPLACE (in_denominator AND NOT is_linked AS in_numerator) FROM ({{rows_valid_ratings}})
