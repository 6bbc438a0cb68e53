-- Valid ratings; the numerator levels 4 and 5.
-- include: rows_valid_ratings
SELECT * REPLACE (in_denominator AND level >= 4 AS in_numerator) FROM ({{rows_valid_ratings}})
