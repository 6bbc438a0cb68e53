-- purpose: The content of organisations that lost against another delivery of their identity, as fields of a message.
-- grain: one row per delivery of a subject of which one lost
-- column: partition UInt32 = partition
-- column: offset UInt64 = offset
-- column: payload String = payload as it came; empty = none
-- column: fields String = JSON object of the other fields
-- Read by reject_conflicts, which says what lost.
SELECT partition, offset, payload,
    toJSONString(CAST(
        (event_id, revision, source_sys, org_code, name, name_en, parent_code, region_code, gov_level, org_line, rank_group,
        toString(valid_from), toString(valid_to)),
        'Tuple(event_id String, revision UInt32, source_sys String, org_code String, name String, name_en String, parent_code String, region_code String, gov_level Int8, org_line String, rank_group String, valid_from String, valid_to Nullable(String))')) AS fields
FROM organisations
WHERE org_code IN (SELECT subject FROM lost)
