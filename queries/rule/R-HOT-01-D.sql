-- purpose: Ticket not dispatched: received, and neither dispatched, answered nor ended within a working day.
-- grain: one row per ticket that waited, or will wait, for longer
-- include: workdays, rule_steps, ticket_subjects
-- param: days UInt16 = working days from the receipt
-- source: domain guide 3 (received: closed, dispatched, invalid or merged), T3; 6.2, R-HOT-01 (its half before the dispatch)
-- Decisions: T3 and T5 run from the dispatch, so a ticket that is never dispatched would
-- have no clock. The guide sets no time for the dispatch; the working day of T3 is
-- taken. It is about who received the ticket. Whatever takes it out of the state received ends the
-- warning. Tickets of a source with a process of its own have no dispatch.
WITH
{{workdays}},
{{rule_steps}},
arrayFirstIndex(s -> s = 'received', h_state) AS i,
arrayFirstOrNull((at, s) -> at > h_at[i] AND s != 'received', h_at, h_state) AS gone_at,
day_end(add_wd(local_day(h_at[i]), {days:UInt16})) AS due
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no, h_org[i] AS org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    if(isNull(gone_at), [(after(due), 'warning')], [(after(due), 'warning'), (assumeNotNull(gone_at), '')]) AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('received_at', toString(h_at[i]), 'channel', toString(channel)) AS evidence
FROM ({{ticket_subjects}})
WHERE i > 0 AND (isNull(gone_at) OR gone_at > after(due)) AND published(local_day(h_at[i]), local_day(due))
    AND h_due_basis[-1] != 'source' AND NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload)
