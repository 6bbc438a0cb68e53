-- Columns of ticket_events as the fold reads them; see facts_columns_cases.
source_sys, ticket_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code,
    channel, kind, called_number, ticket_topic, case_no, staff_id, activity, lifecycle, payload, content,
    topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND stands)) AS contested
