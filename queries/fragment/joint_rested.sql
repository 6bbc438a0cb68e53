-- How many working days of rest a joint stage gets back: those before a run that began while the stage was not over. Uses first_day,
-- stage_days, added (by an extension), runs and rests.
arrayFold((n, r, i) -> if(i > 1 AND runs[i - 1].2 <= day_end(add_wd(first_day, stage_days + added + n)), toInt64(n + rests[i]), n), runs, arrayEnumerate(runs), toInt64(0))
