-- Columns of ratings as the fold reads them; see facts_columns_cases.
subject_kind, subject_sys, subject_no, source_sys, rating_id, revision, seq, rated_at, served_at, emitted_at, level,
    is_default, follow_up, excluded, real_name, service_no, rater_token, region_code, org_code, task_code, window_id,
    staff_id, channel, payload, content, topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'satisfaction-ratings' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'satisfaction-ratings' AND stands)) AS contested
