-- Cases applied for in the period; the numerator those applied for online.
-- include: rows_applied
SELECT * REPLACE (is_online AS in_numerator) FROM ({{rows_applied}}) WHERE excluded != 'incomplete'
