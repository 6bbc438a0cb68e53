-- The place of the extension that moves a joint stage: of the head of a government, granted while the stage is not over. Uses
-- f_ arrays, first_day, stage_days, runs and rested_before, the rests so far.
arrayFirstIndex((k, legal, p, t) -> k = 'extend' AND legal AND JSONExtractString(p, 'approver_level') = 'government_head'
    AND t <= day_end(add_wd(first_day, stage_days + arrayMax(arrayMap((r, n) -> if(r.1 <= t, n, 0), runs, rested_before)))), f_type, f_legal, f_payload, f_at)
