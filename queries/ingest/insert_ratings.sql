-- purpose: Store satisfaction ratings; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO ratings
(
    source_sys, subject_kind, subject_sys, subject_no, rating_id, revision, seq, rated_at,
    served_at, emitted_at, level, is_default, follow_up, excluded, real_name, service_no,
    rater_token, region_code, org_code, task_code, window_id, staff_id, channel, payload, content,
    topic, partition, `offset`, received_at, stored_at, precedence
) VALUES
