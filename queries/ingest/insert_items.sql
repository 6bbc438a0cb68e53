-- purpose: Store versions of service items; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO items
(
    source_sys, task_code, task_version, event_id, revision, name, catalog_code, region_code,
    org_code, item_type, project_type, valid_from, valid_to, legal_days, legal_unit, promise_days,
    promise_unit, baseline_promise_days, online_depth, limit_visits, roll_forward, fee_pauses,
    payload, content, topic, partition, `offset`, received_at, stored_at, precedence
) VALUES
