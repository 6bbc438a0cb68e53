-- purpose: Read the stored days of a calendar version.
-- grain: one row per day
-- param: version String = calendar version
-- column: day_no Int32 = days since 1970-01-01
-- column: is_workday Bool = is it a working day
-- column: workday_index Int32 = working days from the first day of the version through this one
-- column: provisional Bool = a notice still to come may change it
-- column: may_be_off Bool = a working day that such a notice may turn off
-- column: name String = holiday name where one is known
SELECT toInt32(day) AS day_no, is_workday, workday_index, provisional, may_be_off, name
FROM calendar_days FINAL
WHERE version = {version:String}
ORDER BY day
