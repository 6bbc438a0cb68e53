-- Cases behind D08: those of D01, the numerator being the overdue ones, with
-- the working days by which they are late: at least 1 (domain guide 2.4). Null
-- when the calendar version of the case is not in the database.
-- include: rows_stopped_or_overdue
SELECT
    r.* EXCEPT (in_numerator),
    NOT r.in_numerator AS is_late,
    is_late AS in_numerator,
    if(is_late, greatest(1, if(is_stopped_here, -margin_days, at_index - due_index)), NULL) AS overdue_days
FROM ({{rows_stopped_or_overdue}}) AS r
ANY LEFT JOIN (SELECT version, day, toNullable(workday_index) AS due_index FROM calendar_days FINAL) AS due
    ON due.version = r.calendar_version AND due.day = toDate32(r.due_at, 'Asia/Shanghai')
ANY LEFT JOIN (SELECT version, day, toNullable(workday_index) AS at_index FROM calendar_days FINAL) AS at
    ON at.version = r.calendar_version AND at.day = toDate32(r.period_at, 'Asia/Shanghai')
