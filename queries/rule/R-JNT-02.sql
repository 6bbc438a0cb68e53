-- purpose: Late dispatch: a sub-case was created too long after the acceptance of its parent.
-- grain: one row per sub-case of an accepted parent
-- include: workdays, rule_steps, joint_parents, joint_subs, joint_lead
-- param: dispatch_days UInt16 = working days after the parent's acceptance within which sub-cases have to be created
-- source: domain guide 6.2, R-JNT-02; 2.5
-- After each fold, over the parents that the folded cases touch and a lookup of
-- their sub-cases. A sub-case is created with its first fact. The card is about the
-- sub-case and goes to the lead organisation, that is the attribute lead_org that the parent
-- had by its acceptance, else the organisation of the parent. It holds from the first instant after
-- the limit, though it can be known only when the sub-case comes. A row that is over
-- from its beginning says that the sub-case came in time: it replaces what was said
-- before the acceptance of the parent was corrected.
WITH
{{workdays}},
{{rule_steps}},
add_wd(local_day(accepted_at), {dispatch_days:UInt16}) AS due_day,
day_end(due_day) AS dispatch_due,
surely(local_day(accepted_at), due_day, dispatch_due) AS sure_due
SELECT
    source_sys, subject_no, '' AS clock_no, lead_org AS org_code, region_code, task_code, window_id, staff_id,
    if(created_at > sure_due, [(after(sure_due), 'yellow')], [(created_at, '')]) AS steps,
    toNullable(dispatch_due) AS due_at,
    map('parent_case_no', parent_no, 'parent_accepted_at', toString(accepted_at), 'created_at', toString(created_at), 'sub_org', sub_org,
        'calendar', calendar_version, 'calendar_provisional', toString(sure_due != dispatch_due)) AS evidence
FROM
(
    SELECT s.source_sys AS source_sys, s.case_no AS subject_no, p.case_no AS parent_no, {{joint_lead}} AS lead_org,
        toString(p.region_code) AS region_code, s.task_code AS task_code, toString(p.window_id) AS window_id, toString(p.staff_id) AS staff_id,
        toString(s.org_code) AS sub_org, s.calendar_version AS calendar_version, assumeNotNull(p.h_accepted_at[-1]) AS accepted_at, s.first_at AS created_at
    FROM ({{joint_subs}}) AS s
    INNER JOIN ({{joint_parents}}) AS p ON s.source_sys = p.source_sys AND s.parent_case_no = p.case_no
    WHERE isNotNull(p.h_accepted_at[-1])
)
