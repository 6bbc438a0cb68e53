-- purpose: Unlawful extension: the first one that breaks article 42.
-- grain: one row per case with an unlawful extension
-- include: said, case_subjects
-- param: days UInt16 = working days that an agency head may add
-- param: joint_days UInt16 = working days that the head of government may add in joint processing
-- source: domain guide 6.2, R-DDL-13; 2.3 (K4, K9); Licensing Law art. 42
-- An extension is unlawful when it is the second one, longer than allowed, granted
-- after the legal due in force before it, without an approver, or without telling
-- the applicant. 10 working days are allowed; 15 in joint processing (project type
-- joint, or a sub-case) by the head of government. No approver: neither approver
-- nor approver_level is given. told_applicant that is not given says nothing. An
-- extension that the life cycle does not allow is the subject of R-PRC-02, and a
-- process of its source's own has no article 42.
WITH
{{said}},
arrayFilter((x, k, legal) -> k = 'extend' AND legal, arrayEnumerate(f_type), f_type, f_legal) AS extensions,
project_type = 'joint' OR parent_case_no != '' AS joint,
arrayMap((x, n) -> arrayFilter(r -> r != '', [
    if(n > 1, 'second', ''),
    if(JSONExtractInt(f_payload[x], 'days') > if(joint AND JSONExtractString(f_payload[x], 'approver_level') = 'government_head', {joint_days:UInt16}, {days:UInt16}), 'too_long', ''),
    if(ifNull(f_at[x] > arrayLast((due, at) -> at < f_at[x], h_legal_due, h_at), false), 'after_due', ''),
    if(JSONExtractString(f_payload[x], 'approver') = '' AND JSONExtractString(f_payload[x], 'approver_level') = '', 'no_approver', ''),
    if(says_no(f_payload[x], 'told_applicant'), 'applicant_not_told', '')]),
    extensions, arrayEnumerate(extensions)) AS faults,
arrayFirstIndex(r -> notEmpty(r), faults) AS first_fault,
extensions[first_fault] AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    arrayLast((due, at) -> at < f_at[i], h_legal_due, h_at) AS due_at,
    map('reasons', arrayStringConcat(faults[first_fault], ', '), 'extension_no', toString(first_fault), 'extensions', toString(length(extensions)),
        'unlawful_extensions', toString(arrayCount(r -> notEmpty(r), faults)), 'days', toString(JSONExtractInt(f_payload[i], 'days')),
        'approver_level', JSONExtractString(f_payload[i], 'approver_level'), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE has(k_clock, 'K4') AND first_fault > 0
