-- purpose: Out of order: an event that the life cycle does not allow in the state it met.
-- grain: one row per case with such an event
-- include: case_subjects
-- source: domain guide 6.2, R-PRC-02; 2.2 and 2.6
-- By event_time, not by arrival: the facts in force in fold order. A finish while
-- suspended is one of them although it ends the case (domain guide 2.2). What only
-- describes (material, visit, fee, transfer) after the end is none, nor is anything
-- in a case whose beginning is missing; nor what was in order until somebody corrected what came before it. The first such event gives the card.
WITH
arrayFirstIndex((legal, excused) -> NOT legal AND NOT excused, f_legal, f_excused) AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('event', toString(f_type[i]), 'state', toString(f_state[i]), 'illegal_events', toString(arrayCount((legal, excused) -> NOT legal AND NOT excused, f_legal, f_excused)),
        'all', arrayStringConcat(arrayMap((k, s) -> concat(k, ' in ', s), arrayFilter((k, l, x) -> NOT l AND NOT x, f_type, f_legal, f_excused), arrayFilter((s, l, x) -> NOT l AND NOT x, f_state, f_legal, f_excused)), ', '), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE i > 0 AND h_excluded[-1] != 'incomplete'
