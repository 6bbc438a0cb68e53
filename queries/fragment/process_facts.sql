-- The facts that make up the process of a source: those in force that carry an
-- activity, of its cases and of its tickets. label is the name of the work.
-- param: source String = source system
-- param: kind String ? = case or ticket; empty = both
-- param: lifecycle String ? = only facts with this transition of the work item (start, complete …), letter case ignored; empty = all
-- param: classifier String ? = activity, or activity+lifecycle to tell the transitions of an activity apart; empty = activity
-- include: facts_in_force_cases, facts_in_force_tickets
SELECT
    kind, subject_no, occurred_at, seq, event_id, activity,
    if({classifier:String} = 'activity+lifecycle' AND transition != '', concat(activity, '+', transition), toString(activity)) AS label
FROM
(
    SELECT 'case' AS kind, case_no AS subject_no, occurred_at, seq, event_id, activity, lifecycle AS transition
    FROM ({{facts_in_force_cases}})
    WHERE source_sys = {source:String} AND activity != '' AND {kind:String} IN ('', 'case')
    UNION ALL
    SELECT 'ticket', ticket_no, occurred_at, seq, event_id, activity, lifecycle
    FROM ({{facts_in_force_tickets}})
    WHERE source_sys = {source:String} AND activity != '' AND {kind:String} IN ('', 'ticket')
)
WHERE {lifecycle:String} = '' OR lower(transition) = lower({lifecycle:String})
