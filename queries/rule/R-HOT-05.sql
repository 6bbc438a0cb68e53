-- purpose: Repeated redo: a ticket sent back for another handling for the second, or the third time.
-- grain: one row per ticket
-- include: ticket_subjects
-- param: yellow_redos UInt16 = yellow with this redo order
-- param: red_redos UInt16 = red with this one; it is a problem ticket to be escalated (T10)
-- source: domain guide 6.2, R-HOT-05; 3, T8, T10
-- Decisions: redo orders in force are counted (a voided one takes the step back);
-- one that the life cycle does not allow does not count. Invalid and merged
-- tickets are left out. The organisation is the one that has the ticket.
WITH
arrayFilter((at, t, legal) -> t = 't_redo' AND legal, f_at, f_type, f_legal) AS redos
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    arrayConcat(
        arrayMap(at -> (at, 'yellow'), arraySlice(redos, {yellow_redos:UInt16}, 1)),
        arrayMap(at -> (at, 'red'), arraySlice(redos, {red_redos:UInt16}, 1))) AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('redo_orders', toString(length(redos)), 'problem_ticket', toString(length(redos) >= {red_redos:UInt16})) AS evidence
FROM ({{ticket_subjects}})
WHERE length(redos) >= {yellow_redos:UInt16} AND h_excluded[-1] NOT IN ('invalid', 'merged')
