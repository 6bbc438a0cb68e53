-- All pairs of a sub-case, one in time, and its parent, with what is needed to ask whether the
-- sub-case counted at an instant.
-- column: member_since Nullable(DateTime64(3, 'UTC')) = since when the sub-case is one: it is named, and accepted
-- column: p_parent String = the parent that the parent itself names, '' = none
-- column: p_since DateTime64(3, 'UTC') = since when
-- column: p_last_due Nullable(DateTime64(3, 'UTC')) = the parent's own due; whether a part counts is settled then
-- column: leads Bool = whether it speaks for the parent after that due
-- include: joint_in_time, joint_ways, joint_leads, joint_excluded
SELECT parent_sys, parent_no, member_since, s_at, s_excluded, p_parent, p_since, p_due[-1] AS p_last_due, {{joint_leads}} AS leads
FROM
(
    SELECT source_sys AS parent_sys, parent_case_no AS parent_no, member_since, member_told_at, {{joint_ways}} AS ways, h_at AS s_at, {{joint_excluded}} AS s_excluded
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links)
    WHERE parent_case_no != '' AND parent_case_no != case_no AND NOT is_test AND NOT secret
) AS s
ANY LEFT JOIN
(
    SELECT source_sys AS p_sys, case_no AS p_no, toString(project_type) AS p_type, parent_case_no AS p_parent, parent_since AS p_since, h_at AS p_at, h_stop_at AS p_stop, h_promise_due AS p_due, arrayMin(f_first_received_at) AS p_told
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source_sys, parent_case_no FROM case_links)
) AS p ON p_sys = parent_sys AND p_no = parent_no
WHERE {{joint_in_time}}
