-- Joint projects as of an instant: parents of joint cases and cases of type joint that are no
-- sub-case. They are counted here alone (C5). Their stage is over when all sub-cases that
-- count have stopped; without sub-cases when they stop themselves.
-- include: figure_scope, joint_heads_then
SELECT *, sub_nos AS subs,
    if(is_joint, if(sub_running = 0, sub_last, NULL), own_stop) AS stage_stop,
    multiIf(is_joint, sub_days, 0) AS days_of_subs
FROM
(
    SELECT source_sys, case_no, region_code, org_code, task_code, item_type, project_type, channel, window_id, calendar_version, attributes,
        arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i,
        h_state[i] AS state, h_excluded[i] AS excluded, h_applied_at[i] AS applied_at, h_accepted_at[i] AS accepted_at, h_finished_at[i] AS finished_at,
        h_stop_at[i] AS own_stop, h_net_days[i] AS net_days, h_margin_days[i] AS margin_days, arrayLast((u, clock) -> clock = 'K3', k_unit, k_clock) AS limit_unit,
        (source_sys, case_no) IN ({{joint_heads_then}}) AS is_joint, f_type, f_at, f_legal, f_payload
    FROM cases FINAL
    WHERE i > 0 AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret') AND {{figure_scope}} AND (is_joint OR project_type = 'joint' AND parent_case_no = '')
) AS p
ANY LEFT JOIN
(
    SELECT source_sys AS sub_sys, parent_case_no AS parent_no, count() AS sub_nos, countIf(isNull(stopped) AND counts) AS sub_running, max(stopped) AS sub_last,
        sumIf(dateDiff('second', assumeNotNull(began), assumeNotNull(stopped)), isNotNull(began) AND isNotNull(stopped)) / 86400 AS sub_days
    FROM
    (
        SELECT source_sys, parent_case_no, arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i, h_stop_at[i] AS stopped, h_accepted_at[i] AS began,
            h_state[i] NOT IN ('withdrawn', 'terminated', 'not_accepted') AS counts
        FROM cases FINAL
        WHERE parent_case_no != '' AND parent_case_no != case_no AND i > 0 AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret')
    )
    GROUP BY sub_sys, parent_no
) AS s ON s.sub_sys = p.source_sys AND s.parent_no = p.case_no
