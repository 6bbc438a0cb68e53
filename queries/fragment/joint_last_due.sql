-- The limit of a joint stage with the extension that was granted by it, before any rest is given back. Uses f_ arrays, first_day, stage_days
-- and first_due, and most, the days that the head of a government may add.
day_end(add_wd(first_day, stage_days + toInt64(greatest(least(JSONExtractInt(f_payload[arrayFirstIndex((k, legal, x, t) -> k = 'extend' AND legal AND JSONExtractString(x, 'approver_level') = 'government_head' AND t <= first_due, f_type, f_legal, f_payload, f_at)], 'days'), most), 0))))
