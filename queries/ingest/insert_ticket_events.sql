-- purpose: Store facts about hotline tickets; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO ticket_events
(
    source_sys, ticket_no, event_id, revision, seq, event_type, occurred_at, emitted_at,
    region_code, org_code, channel, kind, called_number, ticket_topic, case_no, staff_id, activity,
    lifecycle, payload, content, topic, partition, `offset`, received_at, stored_at, precedence
) VALUES
