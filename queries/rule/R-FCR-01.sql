-- purpose: First-contact failure: an enquiry sent from organisation to organisation, or a verified complaint of shirking.
-- grain: one row per ticket
-- include: steps, ticket_tags, ticket_subjects
-- param: transfers UInt16 = warning from this change of organisation on
-- source: domain guide 6.2, R-FCR-01; 1.4 first-contact responsibility
-- Decisions: a transfer is a dispatch to another organisation than the dispatch
-- before; the first dispatch is none. The transfers warn, the verified tag is the
-- card; a tag that nobody verified is an accusation and says nothing. The card
-- concerns the organisation complained about (about_org), the warning the
-- organisation that had the enquiry first. Any kind of ticket counts: the verified
-- tag makes it a complaint. Invalid and merged tickets are left out, and secret
-- ones, whose author the organisation must not learn of.
WITH
{{steps}},
{{ticket_tags}},
arrayFilter(x -> x.2 != '', arrayMap((t, at, org) -> (at, if(t IN ('t_dispatch', 't_redispatch'), toString(org), '')), f_type, f_at, f_org)) AS sent,
arrayFilter((x, i) -> i > 1 AND x.2 != sent[i - 1].2, sent, arrayEnumerate(sent)) AS transfers,
verified_index('shirking') AS v,
rising_steps(arrayConcat(
    arrayMap(x -> (x.1, 'warning'), arraySlice(transfers, {transfers:UInt16}, 1)),
    if(v = 0, [], [(f_at[v], 'yellow')]))) AS steps
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no,
    multiIf(v > 0 AND said_last('about_org', v) != '', said_last('about_org', v), v > 0 OR empty(sent), org_of_ticket, sent[1].2) AS org_code,
    region_code, '' AS task_code, if(v = 0, '', said_last('about_window', v)) AS window_id, '' AS staff_id,
    steps, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('transfers', toString(length(transfers)), 'organisations', arrayStringConcat(arrayMap(x -> x.2, sent), ' '), 'verified_event', if(v = 0, '', f_event_id[v])) AS evidence
FROM (SELECT *, toString(org_code) AS org_of_ticket FROM ({{ticket_subjects}}))
WHERE notEmpty(steps) AND h_excluded[-1] NOT IN ('invalid', 'merged', 'secret')
