-- As movements_then, as known now while the ledger is behind: the movements of its last pass, and what the subjects that were
-- folded since changed in them, which comes along as the table movements_behind. It stands for movements_then in the queries NAME_now.
-- param: passed_at DateTime64(3,'UTC') = when the last pass that is through was
-- include: movement_filter
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM movements
WHERE {{movement_filter}}
    AND known_at <= {passed_at:DateTime64(3,'UTC')}
UNION ALL
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM movements_behind
WHERE {{movement_filter}}
