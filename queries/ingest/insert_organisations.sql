-- purpose: Store versions of organisations; the rows follow column by column over the native protocol.
-- grain: one row per fact
INSERT INTO organisations
(
    source_sys, org_code, event_id, revision, name, name_en, parent_code, region_code, gov_level,
    org_line, rank_group, valid_from, valid_to, payload, content, topic, partition, `offset`,
    received_at, stored_at, precedence
) VALUES
