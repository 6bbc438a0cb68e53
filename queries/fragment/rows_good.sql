-- Valid ratings; the numerator levels 3 to 5.
-- include: rows_valid_ratings
SELECT * REPLACE (in_denominator AND level >= 3 AS in_numerator) FROM ({{rows_valid_ratings}})
