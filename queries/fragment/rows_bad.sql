-- Valid ratings; the numerator levels 1 and 2.
-- include: rows_valid_ratings
SELECT * REPLACE (in_denominator AND level <= 2 AS in_numerator) FROM ({{rows_valid_ratings}})
