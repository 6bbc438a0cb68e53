-- Cases behind D04: stopped with a promised due, immediate ones left out.
-- include: rows_stopped
SELECT * REPLACE (ifNull(margin_days >= 1, false) AS in_numerator) FROM ({{rows_stopped}}) WHERE NOT is_immediate AND isNotNull(promise_due)
