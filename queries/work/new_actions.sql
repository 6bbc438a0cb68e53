-- An accepted action comes again while its range is not behind the cursor: whether it is an event already, the history
-- tells; the result may be that of an engine that had lost its lease.
-- purpose: Read the actions of a range of deliveries that are not refused yet, in the order in which they count.
-- grain: one row per action; contradicting rewrites and redeliveries left out
-- include: facts_range
-- column: source_sys String = system in which the person acted
-- column: event_id String = identity
-- column: subject_kind String = alert, order, rating, exposure or referral
-- column: subject_id String = id of the subject
-- column: action String = what is to be done
-- column: expected_seq UInt32 = last event that the person saw
-- column: actor String = user id
-- column: role String = role
-- column: org_code String = organisation of the person; may be empty
-- column: at Int64 = when the person acted, Unix milliseconds
-- column: payload String = JSON; may be empty
-- source: docs/supervision.md section 5
SELECT source_sys, event_id, subject_kind, subject_id, action, expected_seq, actor, role, org_code,
    toUnixTimestamp64Milli(occurred_at) AS at, payload
FROM actions
PREWHERE (subject_kind, subject_id) IN (SELECT subject_kind, subject FROM deliveries WHERE {{facts_range}} AND outcome = 'fact')
WHERE {{facts_range}}
    AND subject_kind != 'notice'
    AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'actions' AND NOT stands)
    AND (source_sys, event_id) NOT IN
    (
        SELECT source_sys, event_id
        FROM action_results
        WHERE outcome != 'accepted' AND event_id IN (SELECT event_id FROM actions WHERE {{facts_range}})
    )
ORDER BY partition, offset
LIMIT 1 BY source_sys, event_id
