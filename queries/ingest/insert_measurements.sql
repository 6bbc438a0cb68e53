-- purpose: Store measurements; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO measurements
(
    source_sys, event_id, revision, name, org_code, region_code, period_from, period_to, emitted_at,
    `values`, payload, content, topic, partition, `offset`, received_at, stored_at, precedence
) VALUES
