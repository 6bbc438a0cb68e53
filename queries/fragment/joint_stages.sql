-- Joint stages as of an instant (K9): cases with a part that became one in time, and cases of type joint that are no
-- sub-case, with what is needed to ask whether they were joint at an instant, and the cases that may be its parts.
-- include: figure_scope, joint_pairs, joint_since
-- column: pairs Array(Tuple) = its parts: since when, until when they are asked (the own due), whether they speak beyond it, their exclusions
-- column: own_end DateTime64(3, 'UTC') = when it ended without a result, or was given up after it; forever = it did not
-- column: own_runs Array(Tuple) = the run of itself, from an instant until another
-- column: named Array(Tuple) = the accepted cases that name it, see joint_members
WITH
    toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS forever,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS ever,
    (state, stop) -> isNotNull(stop) OR state NOT IN ('', 'submitted', 'correcting', 'accepted', 'processing', 'suspended') AS ends
SELECT * EXCEPT (pairs), arrayFilter(k -> NOT (parent_case_no != '' AND ifNull(parent_since <= {as_of:DateTime64(3,'UTC')}, false)), pairs) AS pairs
FROM
(
    SELECT source_sys, case_no, region_code, org_code, task_code, item_type, project_type, channel, window_id, calendar_version, attributes, parent_case_no, parent_since,
        arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i, project_type = 'joint' AND parent_case_no = '' AS is_project,
        h_state[i] AS state, h_excluded[i] AS excluded, h_applied_at[i] AS applied_at, assumeNotNull(h_accepted_at[i]) AS accepted_at, h_finished_at[i] AS finished_at,
        if(state IN ('withdrawn', 'terminated', 'not_accepted'), h_at[arrayLastIndex((s, x) -> x <= {as_of:DateTime64(3,'UTC')} AND s NOT IN ('withdrawn', 'terminated', 'not_accepted'), h_state, h_at) + 1], forever) AS own_end,
        [(ever, coalesce(h_stop_at[i], own_end))] AS own_runs, arrayMin(f_first_received_at) AS parent_told,
        h_net_days[i] AS net_days, h_margin_days[i] AS margin_days, arrayLast((u, clock) -> clock = 'K3', k_unit, k_clock) AS limit_unit,
        arrayMap((p, at) -> if(at <= {as_of:DateTime64(3,'UTC')}, p, ''), f_payload, f_at) AS f_payload, f_type, f_at, f_legal
    FROM cases FINAL
    WHERE i > 0 AND isNotNull(h_accepted_at[i]) AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret') AND {{figure_scope}}
) AS p
ANY LEFT JOIN
(
    SELECT parent_sys, parent_no, groupArray((member_since, p_last_due, leads, s_at, s_excluded)) AS pairs
    FROM ({{joint_pairs}})
    GROUP BY parent_sys, parent_no
) AS k ON k.parent_sys = p.source_sys AND k.parent_no = p.case_no
ANY LEFT JOIN
(
    SELECT source_sys AS sub_sys, parent_case_no AS parent_no, groupArray((case_no, '', ever, ever, '', part_runs, is_dead, assumeNotNull(since), told)) AS named
    FROM
    (
        SELECT source_sys, parent_case_no, case_no, arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i,
            {{joint_since}} AS since, ifNull(member_told_at, arrayMin(f_first_received_at)) AS told,
            h_state[i] IN ('withdrawn', 'terminated', 'not_accepted') AND isNull(h_decided_at[i]) AND isNull(h_finished_at[i]) AS is_dead,
            arrayFilter(p -> ifNull(p.2 <= {as_of:DateTime64(3,'UTC')}, false) AND arrayExists((t, legal, at) -> t = 'reopen' AND legal AND at = assumeNotNull(p.2), f_type, f_legal, f_at), arrayZip(p_from_at, p_until_at)) AS breaks,
            if(ends(h_state[i], h_stop_at[i]), coalesce(h_stop_at[i], h_at[arrayLastIndex((state, stop, at) -> at <= {as_of:DateTime64(3,'UTC')} AND NOT ends(state, stop), h_state, h_stop_at, h_at) + 1]), forever) AS last_end,
            arrayZip(arrayConcat([ever], arrayMap(p -> assumeNotNull(p.2), breaks)), arrayConcat(arrayMap(p -> p.1, breaks), [assumeNotNull(last_end)])) AS part_runs
        FROM cases FINAL
        WHERE parent_case_no != '' AND parent_case_no != case_no AND i > 0 AND isNotNull(h_accepted_at[i]) AND ifNull(since <= {as_of:DateTime64(3,'UTC')}, false) AND NOT is_test AND NOT secret AND h_excluded[i] NOT IN ('void', 'test', 'secret')
    )
    GROUP BY sub_sys, parent_no
) AS s ON s.sub_sys = p.source_sys AND s.parent_no = p.case_no
WHERE is_project OR notEmpty(pairs)
