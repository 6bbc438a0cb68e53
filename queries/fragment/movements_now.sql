-- As movements_now_case, of cases and tickets.
-- param: passed_at DateTime64(3,'UTC') = when the last pass that is through was
-- include: movement_filter, movements_since_case, movements_since_ticket
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM movements
WHERE {{movement_filter}}
    AND known_at <= {passed_at:DateTime64(3,'UTC')}
UNION ALL
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM ({{movements_since_case}})
WHERE {{movement_filter}}
UNION ALL
SELECT measure, at, behind_ms, facets, value, n, source_sys, region_code, org_code, task_code, item_type, project_type, channel, window_id, kind, called_number
FROM ({{movements_since_ticket}})
WHERE {{movement_filter}}
