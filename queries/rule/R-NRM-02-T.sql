-- purpose: Extra materials, by complaint: a verified complaint that materials outside the guide were asked for.
-- grain: one row per ticket with a verified tag
-- include: ticket_tags, ticket_subjects
-- source: domain guide 6.2, R-NRM-02 (its half about complaints)
-- Decisions: the step is at the fact that verifies the tag; an unverified tag is an
-- accusation and says nothing. It concerns the organisation complained about
-- (about_org), else the one that answers for the ticket. Invalid and merged tickets
-- are left out, and secret ones, whose author the organisation must not learn of.
WITH
{{ticket_tags}},
verified_index('extra_materials') AS v
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no,
    if(said_last('about_org', v) != '', said_last('about_org', v), org_of_ticket) AS org_code,
    region_code, '' AS task_code, said_last('about_window', v) AS window_id, '' AS staff_id,
    [(f_at[v], 'red')] AS steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('tag', 'extra_materials', 'verified_event', f_event_id[v], 'case_no', case_no) AS evidence
FROM (SELECT *, toString(org_code) AS org_of_ticket FROM ({{ticket_subjects}}))
WHERE v > 0 AND h_excluded[-1] NOT IN ('invalid', 'merged', 'secret')
