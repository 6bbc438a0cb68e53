-- purpose: Result not public: the result of an item whose results are to be published was not public within seven working days.
-- grain: one row per case that was, or will be, late
-- include: workdays, rule_steps, case_subjects, case_items
-- param: publish_days UInt16 = working days after the result
-- source: domain guide 6.2, R-NRM-06 (its half about results; lists are R-NRM-06-L)
-- Decisions: the clock runs from the decision, without one from the finish; any fact
-- may say published_at, the earliest counts. Cases without a result of their own
-- (withdrawn, not accepted, terminated) and incomplete ones are left out; a case
-- that was reopened is judged by the result that stands and by what was published since.
WITH
{{workdays}},
{{rule_steps}},
ifNull(h_decided_at[-1], h_finished_at[-1]) AS result_at,
day_end(add_wd(local_day(assumeNotNull(result_at)), {publish_days:UInt16})) AS due,
arrayMin(arrayFilter(x -> isNotNull(x), arrayMap(p -> toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(p, 'published_at'), 3, 'Asia/Shanghai'), 'UTC'), arraySlice(f_payload, arrayLastIndex((k, legal) -> k = 'reopen' AND legal, f_type, f_legal) + 1)))) AS shown_at
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(addMilliseconds(due, 1), 'yellow')] AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('result_at', toString(result_at), 'published_at', ifNull(toString(shown_at), ''), 'task_version', task_version) AS evidence
FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND h_excluded[-1] = '' AND (isNotNull(h_decided_at[-1]) OR isNotNull(h_finished_at[-1]))) AS s
INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
WHERE JSONExtractBool(i_payload, 'publish_result') AND (isNull(shown_at) OR shown_at > due)
    AND published(local_day(assumeNotNull(result_at)), local_day(due))
