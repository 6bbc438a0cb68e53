-- Cases behind D05: stopped, with a known start.
-- include: rows_stopped
SELECT * FROM ({{rows_stopped}}) WHERE isNotNull(net_days)
