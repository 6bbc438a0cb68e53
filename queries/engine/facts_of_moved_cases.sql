-- purpose: Read all facts of the cases that a change of the calendar can move.
-- grain: one row per stored fact; a redelivery that is not merged yet is one more
-- include: facts_columns_cases, facts_known
-- param: from DateTime64(3,'UTC') = beginning of the first day that changes
-- param: until DateTime64(3,'UTC') = end of the last day that changes
-- source: domain guide 2.4 (calendars are versioned, open cases recomputed)
-- Those that began by then and are open, or of which anything that happened or was due
-- lies less than 92 days before the first day: no rule counts longer from an event or a due.
SELECT {{facts_columns_cases}}
FROM case_events
PREWHERE (source_sys, case_no) IN
(
    SELECT source_sys, case_no
    FROM cases_now
    WHERE first_at <= {until:DateTime64(3,'UTC')}
        AND (h_state[-1] IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended')
            OR arrayMax(arrayConcat([last_at], h_at, arrayMap(t -> ifNull(t, last_at), arrayConcat(k_due_at, h_promise_due, h_legal_due)))) >= {from:DateTime64(3,'UTC')} - INTERVAL 92 DAY)
)
WHERE {{facts_known}}
ORDER BY source_sys, case_no, event_id, revision, content
