-- Joint stages as of an instant (K9): cases with a part that became one in time, and cases of type joint that are no
-- sub-case, with what is needed to ask whether they were joint at an instant. The stage is over when all sub-cases that
-- count have stopped, of a project without parts when it stops itself; it ends, without a result, with its own.
-- include: figure_scope, joint_pairs
-- column: pairs Array(Tuple) = its parts: since when, until when they are asked (the own due), whether they speak beyond it, their exclusions
-- column: own_end Nullable(DateTime64(3, 'UTC')) = when it ended without a result
-- column: own_result Nullable(DateTime64(3, 'UTC')) = when it stopped with one
SELECT * EXCEPT (pairs), arrayFilter(k -> NOT (parent_case_no != '' AND ifNull(parent_since <= {as_of:DateTime64(3,'UTC')}, false)), pairs) AS pairs,
    if(sub_running = 0, sub_last, NULL) AS parts_stop
FROM
(
    SELECT source_sys, case_no, region_code, org_code, task_code, item_type, project_type, channel, window_id, calendar_version, attributes, parent_case_no, parent_since,
        arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i, project_type = 'joint' AND parent_case_no = '' AS is_project,
        h_state[i] AS state, h_excluded[i] AS excluded, h_applied_at[i] AS applied_at, h_accepted_at[i] AS accepted_at, h_finished_at[i] AS finished_at,
        state IN ('withdrawn', 'terminated', 'not_accepted') AS has_ended,
        if(has_ended, coalesce(h_stop_at[i], toNullable(h_at[arrayLastIndex((s, x) -> x <= {as_of:DateTime64(3,'UTC')} AND s != state, h_state, h_at) + 1])), NULL) AS own_end,
        if(has_ended, NULL, h_stop_at[i]) AS own_result,
        h_net_days[i] AS net_days, h_margin_days[i] AS margin_days, arrayLast((u, clock) -> clock = 'K3', k_unit, k_clock) AS limit_unit, f_type, f_at, f_legal, f_payload
    FROM cases FINAL
    WHERE i > 0 AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret') AND {{figure_scope}}
) AS p
ANY LEFT JOIN
(
    SELECT parent_sys, parent_no, groupArray((member_since, p_last_due, leads, s_at, s_excluded)) AS pairs
    FROM ({{joint_pairs}})
    GROUP BY parent_sys, parent_no
) AS k ON k.parent_sys = p.source_sys AND k.parent_no = p.case_no
ANY LEFT JOIN
(
    SELECT source_sys AS sub_sys, parent_case_no AS parent_no, countIf(isNull(stopped) AND counts) AS sub_running, max(stopped) AS sub_last
    FROM
    (
        SELECT source_sys, parent_case_no, arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i, h_stop_at[i] AS stopped,
            h_state[i] NOT IN ('withdrawn', 'terminated', 'not_accepted') AS counts
        FROM cases FINAL
        WHERE parent_case_no != '' AND parent_case_no != case_no AND i > 0 AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret')
    )
    GROUP BY sub_sys, parent_no
) AS s ON s.sub_sys = p.source_sys AND s.parent_no = p.case_no
WHERE is_project OR notEmpty(pairs)
