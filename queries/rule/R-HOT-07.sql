-- purpose: Late handover: a request of the 110 or social-governance linkage handed over later than 30 minutes (urgent) or one working day.
-- grain: one row per ticket of a linkage whose handover is, or will be, late
-- include: workdays, rule_steps, ticket_subjects
-- param: urgent_minutes UInt16 = limit of urgent tickets
-- param: normal_days UInt16 = limit of the others, in working days to the end of the day
-- source: domain guide 6.2, R-HOT-07; 3 "110 and social-governance platform linkage"
-- Decisions: the clock runs from the receipt to handover_at, which any fact of the
-- ticket may give (the earliest counts); a ticket that ended before its limit
-- without a handover needs none. A handover that is not there yet is late from the
-- limit on. Invalid and merged tickets are left out. Local time beyond the
-- handover is not ours to judge.
WITH
{{workdays}},
{{rule_steps}},
arrayFirstIndex((t, p) -> t = 't_receive' AND JSONExtractString(p, 'linkage') != '', f_type, f_payload) AS r,
f_at[r] AS received,
arrayMin(arrayFilter(x -> isNotNull(x), arrayMap(p -> toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(p, 'handover_at'), 3, 'Asia/Shanghai'), 'UTC'), f_payload))) AS handed,
if(urgent, addMinutes(received, {urgent_minutes:UInt16}), day_end(add_wd(local_day(received), {normal_days:UInt16}))) AS due
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(due, 1), 'yellow')] AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('linkage', JSONExtractString(f_payload[r], 'linkage'), 'received_at', toString(received), 'handover_at', ifNull(toString(handed), ''), 'urgent', toString(urgent)) AS evidence
FROM ({{ticket_subjects}})
WHERE r > 0 AND h_excluded[-1] NOT IN ('invalid', 'merged')
    AND if(isNull(handed), isNull(h_closed_at[-1]) OR h_closed_at[-1] > due, handed > due)
    AND (urgent OR published(local_day(received), local_day(due)))
