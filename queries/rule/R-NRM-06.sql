-- purpose: Result not public: the result of an item whose results are to be published was not public within seven working days.
-- grain: one row per case, and per reopening, that was, or will be, late
-- include: workdays, rule_steps, rounds, case_subjects, case_items
-- param: publish_days UInt16 = working days after the result
-- source: domain guide 6.2, R-NRM-06 (its half about results; lists are R-NRM-06-L)
-- Decisions: the clock runs from the decision, without one from the finish; any fact
-- may say published_at, the earliest counts. Cases without a result of their own
-- (withdrawn, not accepted, terminated) and incomplete ones are left out. Each result
-- is judged by itself: one that a reopening overturned after its limit stays late
-- (mode B), one that was overturned before needs no publication, and what was published
-- of it says nothing about the next.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, no AS clock_no, org_code, region_code, task_code, window_id, staff_id,
    [(addMilliseconds(sure_due, 1), 'yellow')] AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('result_at', toString(result_at), 'published_at', ifNull(toString(shown_at), ''), 'task_version', task_version) AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}},
    {{rounds}}
    SELECT *, round_no(nth) AS no, assumeNotNull(results[nth + 1]) AS result_at, day_end(add_wd(local_day(result_at), {publish_days:UInt16})) AS due, surely(local_day(result_at), local_day(due), due) AS sure_due,
        if(nth < rounds_of_facts[-1], f_at[indexOf(rounds_of_facts, nth + 1)], forever) AS overturned_at,
        arrayMin(arrayFilter((x, r) -> isNotNull(x) AND r = nth, arrayMap(p -> toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(p, 'published_at'), 3, 'Asia/Shanghai'), 'UTC'), f_payload), rounds_of_facts)) AS shown_at
    FROM
    (
        WITH
        {{rounds}}
        -- The state tells the result that stands; the facts tell those before it.
        SELECT *, arrayMap(n -> if(n = rounds_of_facts[-1], ifNull(h_decided_at[-1], h_finished_at[-1]),
                if(arrayExists((k, legal, r) -> r = n AND legal AND k IN ('withdraw', 'terminate', 'not_accept'), f_type, f_legal, rounds_of_facts), NULL,
                    arrayFirst(t -> isNotNull(t), arrayMap(kind -> arrayMin(arrayMap((t, k, legal, state, r) -> if(r = n AND k = kind AND (legal OR k = 'finish' AND state = 'suspended'), toNullable(t), NULL), f_at, f_type, f_legal, f_state, rounds_of_facts)), ['decide', 'finish'])))),
            range(0, rounds_of_facts[-1] + 1)) AS results
        FROM (SELECT * FROM ({{case_subjects}}) WHERE item_known AND h_excluded[-1] = '') AS s
        INNER JOIN ({{case_items}}) AS i ON i_task_code = task_code AND i_task_version = task_version
        WHERE JSONExtractBool(i_payload, 'publish_result')
    )
    ARRAY JOIN range(0, rounds_of_facts[-1] + 1) AS nth
    WHERE isNotNull(results[nth + 1])
)
WHERE least(ifNull(shown_at, forever), overturned_at) > sure_due AND sure_due < forever
