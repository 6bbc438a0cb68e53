-- purpose: Late handover: a request of the 110 or social-governance linkage handed over later than 30 minutes (urgent) or one working day.
-- grain: one row per ticket of a linkage whose handover is, or will be, late
-- include: workdays, rule_steps, ticket_subjects
-- param: urgent_minutes UInt16 = limit of urgent tickets
-- param: normal_days UInt16 = limit of the others, in working days to the end of the day
-- source: domain guide 6.2, R-HOT-07; 3 "110 and social-governance platform linkage"
-- Decisions: the clock runs from the receipt to handover_at, which any fact of the
-- ticket may give (the earliest counts), as any may name the linkage; a ticket that
-- was closed before its limit without a handover needs none, also when it is taken
-- up again later. A handover that is not there yet is late from the
-- limit on. Invalid and merged tickets are left out. Local time beyond the
-- handover is not ours to judge.
WITH
{{workdays}},
{{rule_steps}},
arrayFirstIndex(t -> t = 't_receive', f_type) AS r,
arrayFirst(l -> l != '', arrayMap(p -> JSONExtractString(p, 'linkage'), f_payload)) AS linkage,
f_at[r] AS received,
arrayMin(arrayFilter(x -> isNotNull(x), arrayMap(p -> toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(p, 'handover_at'), 3, 'Asia/Shanghai'), 'UTC'), f_payload))) AS handed,
if(urgent, addMinutes(received, {urgent_minutes:UInt16}), day_end(add_wd(local_day(received), {normal_days:UInt16}))) AS due,
if(urgent, due, surely(local_day(received), local_day(due), due)) AS sure_due
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(addMilliseconds(sure_due, 1), 'yellow')] AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('linkage', linkage, 'received_at', toString(received), 'handover_at', ifNull(toString(handed), ''), 'urgent', toString(urgent)) AS evidence
FROM ({{ticket_subjects}})
WHERE r > 0 AND linkage != '' AND h_excluded[-1] NOT IN ('invalid', 'merged')
    AND if(isNull(handed), NOT arrayExists((k, legal, t) -> (k = 't_close' OR k = 't_answer_direct' AND legal) AND t <= sure_due, f_type, f_legal, f_at), handed > sure_due)
    AND sure_due < forever
