-- purpose: Facts pushed within a day (推送及时率).
-- grain: one row per group
-- column: numerator UInt64 = facts that came within 24 hours
-- column: denominator UInt64 = facts that came in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.3, B10
-- dims: total
-- evidence: list_facts
-- include: figure_scope, instant_until, secret_subjects, ratio
-- By the first arrival; what is older than the first message of its source goes by when it was sent, and without that it is left out.
WITH figure_rows AS
(
SELECT *, dateDiff('millisecond', occurred_at, came_at) <= 86400000 AS in_numerator, true AS in_denominator, came_at AS bucket_at
FROM
(
    SELECT s.* EXCEPT (at, pushed, arrived), at AS occurred_at, assumeNotNull(if(at >= begun, greatest(arrived, ifNull(pushed, arrived)), ifNull(pushed, toDateTime64(0, 3, 'UTC')))) AS came_at
    FROM
    (
        SELECT 'case' AS subject_kind, toString(source_sys) AS source_sys, toString(source_sys) AS subject_sys, case_no AS subject_no, toString(org_code) AS org_code, toString(region_code) AS region_code, event_id, event_type, at, pushed, arrived
        FROM cases FINAL
        ARRAY JOIN f_event_id AS event_id, f_type AS event_type, f_at AS at, f_pushed_at AS pushed, f_first_received_at AS arrived
        WHERE NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND {{figure_scope}}
        UNION ALL
        SELECT 'ticket', toString(source_sys), toString(source_sys), ticket_no, toString(org_code), toString(region_code), event_id, event_type, at, pushed, arrived
        FROM tickets FINAL
        ARRAY JOIN f_event_id AS event_id, f_type AS event_type, f_at AS at, f_pushed_at AS pushed, f_first_received_at AS arrived
        WHERE NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND {{figure_scope}}
    ) AS s
    INNER JOIN (SELECT source_sys, min(received_at) AS begun FROM deliveries WHERE outcome = 'fact' AND topic IN ('case-events', 'hotline-tickets') GROUP BY source_sys) AS d ON d.source_sys = s.source_sys
    WHERE at <= {as_of:DateTime64(3,'UTC')}
)
WHERE came_at > toDateTime64(0, 3, 'UTC') AND came_at >= {from:DateTime64(3,'UTC')} AND came_at < {{instant_until}}
)
{{ratio}}
