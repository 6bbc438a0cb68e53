-- Columns of case_events as the fold reads them, a, with the part that a fact
-- plays in a conflict.
source_sys, case_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code, accept_org,
    task_code, task_version, window_id, staff_id, apply_channel, activity, lifecycle, payload, content,
    topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND stands)) AS contested
