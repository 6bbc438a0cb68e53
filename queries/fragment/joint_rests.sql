-- The working days between the runs of a joint stage, by run; uses runs (joint_runs) and workdays.
arrayMap((r, i) -> if(i = 1, 0, count_wd(local_day(runs[i - 1].2), local_day(r.1))), runs, arrayEnumerate(runs))
