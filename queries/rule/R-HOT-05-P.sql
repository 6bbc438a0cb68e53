-- purpose: Problem ticket: the third organisation gave it back, and nobody has escalated it.
-- grain: one row per ticket that became a problem ticket by being refused
-- include: ticket_subjects
-- source: domain guide 3, T10 (three organisations refuse: problem ticket, escalated order); 6.2, R-HOT-05 "+ escalate"
-- Decisions: T10 begins with the third redo order, about which R-HOT-05 is, or with the
-- return of the third organisation; it ends when the ticket is escalated or ends. Every
-- return counts, whatever the ruling: that three refuse is the problem. Nobody is to
-- blame for it, so it has no points, but it opens an order to the organisation that has
-- the ticket. Invalid and merged tickets are left out.
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    if(isNull(stop_at), [(start_at, 'warning')], [(start_at, 'warning'), (assumeNotNull(stop_at), '')]) AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('returns', toString(arrayCount((t, legal, at) -> t = 't_return' AND legal AND at <= start_at, f_type, f_legal, f_at)), 'problem_ticket', 'true') AS evidence
FROM ({{ticket_subjects}})
ARRAY JOIN k_clock AS clock, k_start_at AS start_at, k_stop_at AS stop_at
WHERE clock = 'T10' AND (isNull(stop_at) OR stop_at > start_at) AND h_excluded[-1] NOT IN ('invalid', 'merged')
    AND NOT arrayExists((t, legal, at) -> t = 't_redo' AND legal AND at = start_at, f_type, f_legal, f_at)
