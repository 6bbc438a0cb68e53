-- The facts that make up the process of a source: those in force that carry an
-- activity, of its cases and of its tickets, in a region and of an organisation
-- those that figures count there; test and secret subjects are in no figure (C4). label is the name of the work.
-- param: source String = source system
-- param: kind String ? = case or ticket; empty = both
-- param: lifecycle String ? = only facts with this transition of the work item (start, complete …), letter case ignored; empty = all
-- param: classifier String ? = activity, or activity+lifecycle to tell the transitions of an activity apart; empty = activity
-- param: org String ? = organisation that answers for the case or the ticket (C8); empty = all
-- include: facts_in_force_cases, facts_in_force_tickets, region_filter
SELECT
    kind, subject_no, occurred_at, seq, event_id, activity,
    if({classifier:String} = 'activity+lifecycle' AND transition != '', concat(activity, '+', transition), toString(activity)) AS label
FROM
(
    SELECT 'case' AS kind, case_no AS subject_no, occurred_at, seq, event_id, activity, lifecycle AS transition
    FROM ({{facts_in_force_cases}})
    WHERE source_sys = {source:String} AND activity != '' AND {kind:String} IN ('', 'case')
        AND ({org:String} = '' AND {region:String} IN ('', '000000') OR case_no IN
        (
            SELECT case_no FROM cases FINAL
            WHERE source_sys = {source:String} AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
        ))
        AND case_no NOT IN (SELECT case_no FROM cases FINAL WHERE source_sys = {source:String} AND (secret OR is_test))
    UNION ALL
    SELECT 'ticket', ticket_no, occurred_at, seq, event_id, activity, lifecycle
    FROM ({{facts_in_force_tickets}})
    WHERE source_sys = {source:String} AND activity != '' AND {kind:String} IN ('', 'ticket')
        AND ({org:String} = '' AND {region:String} IN ('', '000000') OR ticket_no IN
        (
            SELECT ticket_no FROM tickets FINAL
            WHERE source_sys = {source:String} AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
        ))
        AND ticket_no NOT IN (SELECT ticket_no FROM tickets FINAL WHERE source_sys = {source:String} AND (secret OR is_test))
)
WHERE {lifecycle:String} = '' OR lower(transition) = lower({lifecycle:String})
