-- purpose: Store actions of people; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO actions
(
    source_sys, event_id, revision, subject_kind, subject_id, action, expected_seq, actor, role,
    org_code, occurred_at, emitted_at, payload, content, topic, partition, `offset`, received_at,
    stored_at, precedence
) VALUES
