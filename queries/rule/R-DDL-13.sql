-- purpose: Unlawful extension: the first one that breaks article 42.
-- grain: one row per case with an unlawful extension
-- include: workdays, rule_steps, said, case_subjects
-- param: days UInt16 = working days that an agency head may add
-- param: joint_days UInt16 = working days that the head of government may add in joint processing
-- param: stage_days UInt16 = K9 in working days, the limit of a joint case without a legal limit of its own
-- source: domain guide 6.2, R-DDL-13; 2.3 (K4, K9); Licensing Law art. 42
-- An extension is unlawful when it is the second one, longer than allowed, granted
-- after the legal due in force before it, without an approver, or without telling
-- the applicant. 10 working days are allowed; 15 in joint processing (project type
-- joint, or a sub-case) by the head of government. Where the legal limit counts in
-- calendar days, so does its extension: what counts is the working days by which it
-- moves the due. A joint case without a legal limit of its own has that of its stage
-- (K9). No approver: neither approver
-- nor approver_level is given. told_applicant that is not given says nothing. An
-- extension that the life cycle does not allow is the subject of R-PRC-02, and a
-- process of its source's own has no article 42.
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
    {{workdays}},
    {{rule_steps}},
    {{said}}
    SELECT *, arrayFirstIndex(r -> notEmpty(r), faults) AS first_fault, extensions[first_fault] AS i,
        arrayMap((x, n, due) -> arrayFilter(r -> r != '', [
            if(n > 1, 'second', ''),
            if(if(unit = 'C', if(isNotNull(due) AND published(local_day(assumeNotNull(due)), addDays(local_day(assumeNotNull(due)), least(days_of[n], 400))),
                    toInt64(count_wd(local_day(assumeNotNull(due)), addDays(local_day(assumeNotNull(due)), least(days_of[n], 400)))), 0), toInt64(days_of[n]))
                > if(joint AND JSONExtractString(f_payload[x], 'approver_level') = 'government_head', {joint_days:UInt16}, {days:UInt16}), 'too_long', ''),
            if(ifNull(f_at[x] > due, false), 'after_due', ''),
            if(JSONExtractString(f_payload[x], 'approver') = '' AND JSONExtractString(f_payload[x], 'approver_level') = '', 'no_approver', ''),
            if(says_no(f_payload[x], 'told_applicant'), 'applicant_not_told', '')]),
            extensions, arrayEnumerate(extensions), dues) AS faults
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}}
        SELECT *, arrayFilter((x, k, legal) -> k = 'extend' AND legal, arrayEnumerate(f_type), f_type, f_legal) AS extensions,
            project_type = 'joint' OR parent_case_no != '' AS joint, toString(k_unit[arrayLastIndex(c -> c = 'K4', k_clock)]) AS unit,
            -- ten years at most, so that no number leaves the calendar
            arrayMap(x -> toInt32(least(greatest(JSONExtractInt(f_payload[x], 'days'), 0), 3650)), extensions) AS days_of,
            arrayMap(x -> if(has(k_clock, 'K4'), arrayLast((due, at) -> at < f_at[x], h_legal_due, h_at),
                if(isNull(h_accepted_at[-1]) OR NOT published(local_day(assumeNotNull(h_accepted_at[-1])), add_wd(local_day(assumeNotNull(h_accepted_at[-1])), {stage_days:UInt16})), NULL,
                    toNullable(day_end(add_wd(local_day(assumeNotNull(h_accepted_at[-1])), {stage_days:UInt16}))))), extensions) AS dues
        FROM ({{case_subjects}})
        WHERE has(f_type, 'extend') AND (has(k_clock, 'K4') OR project_type = 'joint' AND parent_case_no = '') AND NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload)
    )
)
WHERE first_fault > 0
