-- purpose: Out of order: an event that the life cycle of tickets does not allow in the state it met.
-- grain: one row per ticket with such an event
-- include: ticket_subjects
-- source: domain guide 6.2, R-PRC-02 (its half about tickets); 3 (states), 2.6
-- By event_time, not by arrival: the facts in force in fold order. A close from a state
-- in which nothing was answered is one of them although it ends the ticket. Nothing can
-- be said of a ticket whose beginning is missing, nor of what was in order until somebody corrected what came before it. The first such event gives the card;
-- who sent it answers, else who had the ticket. The organisation of a dispatch is the one
-- that gets the ticket: who had it answers. Secret tickets are left out.
WITH
arrayFirstIndex((legal, excused) -> NOT legal AND NOT excused, f_legal, f_excused) AS i
SELECT
    source_sys, ticket_no AS subject_no, '' AS clock_no,
    multiIf(f_org[i] != '' AND f_type[i] NOT IN ('t_dispatch', 't_redispatch'), toString(f_org[i]), h_org[arrayLastIndex(t -> t <= f_at[i], h_at)] != '', toString(h_org[arrayLastIndex(t -> t <= f_at[i], h_at)]), toString(org_of_ticket)) AS org_code,
    region_code, '' AS task_code, f_window[i] AS window_id, f_staff[i] AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('event', toString(f_type[i]), 'state', toString(f_state[i]), 'illegal_events', toString(arrayCount((legal, excused) -> NOT legal AND NOT excused, f_legal, f_excused)),
        'all', arrayStringConcat(arrayMap((k, s) -> concat(k, ' in ', s), arrayFilter((k, l, x) -> NOT l AND NOT x, f_type, f_legal, f_excused), arrayFilter((s, l, x) -> NOT l AND NOT x, f_state, f_legal, f_excused)), ', '), 'event_id', f_event_id[i]) AS evidence
FROM (SELECT *, org_code AS org_of_ticket FROM ({{ticket_subjects}}))
WHERE i > 0 AND h_excluded[-1] NOT IN ('incomplete', 'secret')
