-- purpose: Unlawful extension: the first one that breaks article 42.
-- grain: one row per case with an unlawful extension
-- include: workdays, rule_steps, said, legible, case_subjects, case_subjects_and_parents, joint_touched, joint_subs, joint_heads
-- param: days UInt16 = working days that an agency head may add
-- param: joint_days UInt16 = working days that the head of government may add in joint processing
-- param: stage_days UInt16 = K9 in working days; a committed limit of the stage (stage_days of the acceptance) takes its place when it is shorter
-- source: domain guide 6.2, R-DDL-13; 2.3 (K4, K9); 2.5; Licensing Law art. 42
-- An extension is unlawful when it is the second one, longer than allowed, granted
-- after the legal due in force before it, without an approver, or without telling
-- the applicant. 10 working days are allowed; 15 in joint processing (the parent of a
-- joint case, project type joint, or a sub-case) by the head of government. Where the
-- legal limit counts in calendar days, so does its extension: what counts is the
-- working days by which it moves the due, both rolled to a working day. The limit of
-- the parent of a joint case is that of its stage (K9), as in R-JNT-01. No approver:
-- neither approver nor approver_level is given, or both are blank. told_applicant that is not given says
-- nothing. An extension that the life cycle does not allow is the subject of R-PRC-02,
-- and a process of its source's own has no article 42.
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    dues[first_fault] AS due_at,
    map('reasons', arrayStringConcat(faults[first_fault], ', '), 'extension_no', toString(first_fault), 'extensions', toString(length(extensions)),
        'unlawful_extensions', toString(arrayCount(r -> notEmpty(r), faults)), 'days', toString(JSONExtractInt(f_payload[i], 'days')),
        'approver_level', JSONExtractString(f_payload[i], 'approver_level'), 'event_id', f_event_id[i]) AS evidence
FROM
(
    WITH
    {{said}},
    {{legible}}
    SELECT *, arrayFirstIndex(r -> notEmpty(r), faults) AS first_fault, extensions[first_fault] AS i,
        arrayMap((x, n, due, moved) -> arrayFilter(r -> r != '', [
            if(n > 1, 'second', ''),
            if(moved > if(joint AND JSONExtractString(f_payload[x], 'approver_level') = 'government_head', {joint_days:UInt16}, {days:UInt16}), 'too_long', ''),
            if(ifNull(f_at[x] > due, false), 'after_due', ''),
            if(NOT legible(JSONExtractString(f_payload[x], 'approver')) AND NOT legible(JSONExtractString(f_payload[x], 'approver_level')), 'no_approver', ''),
            if(says_no(f_payload[x], 'told_applicant'), 'applicant_not_told', '')]),
            extensions, arrayEnumerate(extensions), dues, moves) AS faults
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *,
            -- the last days of the limit before and after each extension; pauses move both by the same working days
            arrayMap((before, n) -> (add_wd(addDays(start_day, limit + before), 0), add_wd(addDays(start_day, limit + before + least(n, 400)), 0)), arrayMap((total, n) -> least(total - n, 400), arrayCumSum(days_of), days_of), days_of) AS ends,
            if(head OR k_unit[k4] != 'C', arrayMap(n -> toInt64(n), days_of),
                arrayMap(e -> if(limit <= 2000 AND published(e.1, e.2), toInt64(count_wd(e.1, e.2)), toInt64(0)), ends)) AS moves,
            arrayMap(x -> if(NOT head, arrayLast((due, at) -> at < f_at[x], h_legal_due, h_at),
                if(isNull(h_accepted_at[-1]) OR NOT published(stage_start, add_wd(stage_start, stage)), NULL, toNullable(day_end(add_wd(stage_start, stage))))), extensions) AS dues
        FROM
        (
            WITH
            {{workdays}}
            SELECT *, arrayFilter((x, k, legal) -> k = 'extend' AND legal, arrayEnumerate(f_type), f_type, f_legal) AS extensions,
                -- ten years at most, so that no number leaves the calendar
                arrayMap(x -> toInt32(least(greatest(JSONExtractInt(f_payload[x], 'days'), 0), 3650)), extensions) AS days_of,
                parent_case_no = '' AND (project_type = 'joint' OR (source_sys, case_no) IN ({{joint_heads}})) AS head, head OR parent_case_no != '' AS joint,
                local_day(assumeNotNull(h_accepted_at[-1])) AS stage_start,
                arrayMin(arrayFilter(n -> n > 0, arrayConcat([toInt64({stage_days:UInt16})], arrayMap((k, x, legal) -> if(k = 'accept' AND legal, JSONExtractInt(x, 'stage_days'), 0), f_type, f_payload, f_legal)))) AS stage,
                arrayLastIndex(c -> c = 'K4', k_clock) AS k4, local_day(k_start_at[k4]) AS start_day, toInt32(ifNull(k_limit[k4], 0)) AS limit
            FROM ({{case_subjects_and_parents}})
            WHERE has(f_type, 'extend') AND NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload)
        )
        WHERE head OR k4 > 0
    )
)
WHERE first_fault > 0
