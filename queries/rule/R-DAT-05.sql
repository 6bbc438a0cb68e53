-- purpose: Conflicting rewrite: a fact of a case came again with other content, or its time was moved after a card was announced.
-- grain: one row per case and pattern
-- param: time_keys Array(String) = keys of a payload that say when something was done, besides event_time
-- param: from DateTime64(3,'UTC') = beginning of the hour
-- param: until DateTime64(3,'UTC') = end of the hour
-- source: domain guide 6.2, R-DAT-05; 2.6 "same revision but different hash", "back-dating"
-- Decisions: from the arrival of the rewrite, because that is when it was done; the
-- first one of each pattern counts. The content that arrived first stands in the
-- figures. A time is moved when an amend or a revision gives another
-- event_time, or another instant of those in the payload, and arrives after a
-- yellow or red card of the case was announced. A rating of the case that is rewritten
-- counts for it. The alert waits for a supervisor: a source may have its reasons.
SELECT
    source_sys, subject_no, pattern AS clock_no, s.org_code AS org_code, s.region_code AS region_code, s.task_code AS task_code, s.window_id AS window_id, '' AS staff_id,
    [(at, 'red')] AS steps, NULL AS due_at,
    map('pattern', pattern, 'rewrites', toString(n)) AS evidence
FROM
(
    SELECT source_sys, subject AS subject_no, 'content' AS pattern, min(received_at) AS at, count() AS n
    FROM fact_conflicts FINAL
    WHERE subject_kind = 'case' AND NOT stands AND received_at < {until:DateTime64(3,'UTC')}
    GROUP BY source_sys, subject
    HAVING max(received_at) >= {from:DateTime64(3,'UTC')}
    UNION ALL
    SELECT e.source_sys AS source_sys, e.case_no AS subject_no, 'moved' AS pattern, min(e.received_at) AS at, count() AS n
    FROM
    (
        WITH touched AS
        (
            -- what arrived in the hour was folded since; few of those have a card
            SELECT source_sys, case_no FROM cases
            WHERE folded_at >= subtractHours({from:DateTime64(3,'UTC')}, 1)
                AND (source_sys, case_no) IN (SELECT source_sys, subject_no FROM alerts FINAL WHERE subject_kind = 'case' AND severity IN ('yellow', 'red'))
        )
        SELECT source_sys, case_no, received_at FROM case_events FINAL
        WHERE event_type = 'amend' AND (JSONHas(payload, 'set', 'event_time') OR hasAny(JSONExtractKeys(payload, 'set', 'payload'), {time_keys:Array(String)})) AND received_at < {until:DateTime64(3,'UTC')} AND (source_sys, case_no) IN (SELECT source_sys, case_no FROM touched)
        UNION ALL
        -- another revision of a fact says another time
        SELECT source_sys, case_no, received_at
        FROM
        (
            SELECT source_sys, case_no, received_at, revision, (occurred_at, arrayMap(k -> JSONExtractString(payload, k), {time_keys:Array(String)})) AS times,
                lagInFrame(times) OVER (PARTITION BY source_sys, case_no, event_id ORDER BY revision ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before,
                row_number() OVER (PARTITION BY source_sys, case_no, event_id ORDER BY revision) AS place
            FROM case_events FINAL
            WHERE received_at < {until:DateTime64(3,'UTC')} AND (source_sys, case_no) IN (SELECT source_sys, case_no FROM touched)
        )
        WHERE revision > 0 AND place > 1 AND before != times
    ) AS e
    INNER JOIN
    (
        SELECT a.source_sys, a.subject_no, min(v.recorded_at) AS announced
        FROM (SELECT alert_id, source_sys, subject_no FROM alerts FINAL WHERE subject_kind = 'case' AND severity IN ('yellow', 'red')) AS a
        INNER JOIN (SELECT alert_id, recorded_at FROM alert_events FINAL WHERE severity IN ('yellow', 'red')) AS v ON v.alert_id = a.alert_id
        GROUP BY a.source_sys, a.subject_no
    ) AS c ON c.source_sys = e.source_sys AND c.subject_no = e.case_no
    WHERE e.received_at > c.announced
    GROUP BY e.source_sys, e.case_no
    HAVING max(e.received_at) >= {from:DateTime64(3,'UTC')}
) AS r
LEFT JOIN (SELECT source_sys, case_no, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(task_code) AS task_code, toString(window_id) AS window_id, is_test FROM cases FINAL) AS s ON s.source_sys = r.source_sys AND s.case_no = r.subject_no
WHERE NOT s.is_test
