-- purpose: Store facts about cases; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO case_events
(
    source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code,
    org_code, accept_org, task_code, task_version, window_id, staff_id, apply_channel, activity,
    lifecycle, payload, content, topic, partition, `offset`, received_at, stored_at, precedence
) VALUES
