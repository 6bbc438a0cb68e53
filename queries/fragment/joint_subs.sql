-- The sub-cases of the joint cases that a round touches: looked for in the links of joint cases, then read
-- by key. A case that names a parent is a sub-case when that parent has no parent itself (so a chain of
-- parents that comes back on itself, of any length, is no joint case), and is a joint case: by what its own
-- acceptance says, or by a sub-case that counts and became one in time. in_time tells whether this one did,
-- counted whether it counted when the parent's own due came, and still does: one that is taken up again afterwards changes
-- nothing, and one that ended without a result makes no parent (domain guide 2.5).
-- leads is whether it speaks for its parent in the limits that this has itself, see joint_leads.
-- include: joint_touched, joint_in_time, joint_ways, joint_leads, joint_excluded
SELECT * EXCEPT (p_type, makes_head, ways, s_excluded)
FROM
(
    SELECT s.*, p_type, {{joint_in_time}} AS in_time, s_excluded[arrayLastIndex(t -> ifNull(t <= p_due[-1], true), h_at)] = '' AND s_excluded[-1] = '' AS counted, {{joint_leads}} AS leads, max(in_time AND counted) OVER (PARTITION BY source_sys, parent_case_no) AS makes_head
    FROM
    (
        SELECT *, {{joint_ways}} AS ways, {{joint_excluded}} AS s_excluded
        FROM cases FINAL
        PREWHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM case_links WHERE (source_sys, parent_case_no) IN ({{joint_touched}}))
        WHERE parent_case_no != '' AND parent_case_no != case_no AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void'
    ) AS s
    ANY LEFT JOIN
    (
        SELECT source_sys AS p_sys, case_no AS p_no, toString(project_type) AS p_type, parent_case_no AS p_parent, h_at AS p_at, h_stop_at AS p_stop, h_promise_due AS p_due, arrayMin(f_first_received_at) AS p_told
        FROM cases FINAL
        PREWHERE (source_sys, case_no) IN ({{joint_touched}})
    ) AS p ON p_sys = s.source_sys AND p_no = s.parent_case_no
    WHERE p_parent = ''
)
WHERE p_type = 'joint' OR makes_head
