-- purpose: Conflicting rewrite: a fact of a ticket came again with other content, or its time was moved after a card was announced.
-- grain: one row per ticket and pattern
-- param: time_keys Array(String) = keys of a payload that say when something was done, besides event_time
-- param: from DateTime64(3,'UTC') = beginning of the hour
-- param: until DateTime64(3,'UTC') = end of the hour
-- include: retold_tickets
-- source: domain guide 6.2, R-DAT-05; 2.6 "same revision but different hash", "back-dating"
-- Decisions: from the arrival of the rewrite, because that is when it was done; the
-- first one of each pattern counts. The content that arrived first stands in the
-- figures. A time is moved when an amend or a revision gives another instant
-- than the one told before, for the fact or for a time in its payload, and arrives after a
-- yellow or red card of the ticket was announced; a void of the fact and the same kind of
-- event told anew at a better time move it as well, and so does a second event of a kind
-- that a life has once, at an earlier time. A rating of the ticket that is rewritten
-- counts for it. A time that is told for the first time, or again as it was, moves
-- nothing. The alert waits for a supervisor: a source may have its reasons.
SELECT
    source_sys, subject_no, pattern AS clock_no, s.org_code AS org_code, s.region_code AS region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    [(at, 'red')] AS steps, NULL AS due_at,
    map('pattern', pattern, 'rewrites', toString(n)) AS evidence
FROM
(
    SELECT source_sys, subject AS subject_no, 'content' AS pattern, min(received_at) AS at, count() AS n
    FROM fact_conflicts FINAL
    WHERE subject_kind = 'ticket' AND NOT stands AND received_at < {until:DateTime64(3,'UTC')}
    GROUP BY source_sys, subject
    HAVING max(received_at) >= {from:DateTime64(3,'UTC')}
    UNION ALL
    SELECT e.source_sys AS source_sys, e.ticket_no AS subject_no, 'moved' AS pattern, min(e.received_at) AS at, count() AS n
    FROM
    (
        WITH x -> toTimeZone(parseDateTime64BestEffortOrNull(x, 3, 'Asia/Shanghai'), 'UTC') AS read,
        touched AS
        (
            -- what arrived in the hour was folded since; few of those have a card
            SELECT source_sys, ticket_no FROM tickets
            WHERE folded_at >= subtractHours({from:DateTime64(3,'UTC')}, 1)
                AND (source_sys, ticket_no) IN (SELECT source_sys, subject_no FROM alerts FINAL WHERE subject_kind = 'ticket' AND severity IN ('yellow', 'red'))
        ),
        retold_of AS (SELECT source_sys, ticket_no FROM touched)
        -- what is told of a time of a fact (key '' is its own), in the order of arrival; a revision that comes
        -- after a higher one tells nothing
        SELECT source_sys, ticket_no, received_at
        FROM
        (
            SELECT *, lagInFrame(toNullable(instant)) OVER (PARTITION BY source_sys, ticket_no, event, key ORDER BY received_at, offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
            FROM
            (
                SELECT source_sys, ticket_no, event_id AS event, received_at, offset, revision > 0 AS again, told.1 AS key, assumeNotNull(told.2) AS instant
                FROM
                (
                    SELECT *, max(revision) OVER (PARTITION BY source_sys, ticket_no, event_id ORDER BY received_at, offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS top
                    FROM ticket_events FINAL
                    WHERE received_at < {until:DateTime64(3,'UTC')} AND (source_sys, ticket_no) IN (SELECT source_sys, ticket_no FROM touched)
                )
                ARRAY JOIN arrayPushBack(arrayMap(k -> (k, read(JSONExtractString(payload, k))), {time_keys:Array(String)}), ('', toNullable(occurred_at))) AS told
                WHERE revision = top AND isNotNull(told.2)
                UNION ALL
                SELECT source_sys, ticket_no, JSONExtractString(payload, 'target_event_id') AS event, received_at, offset, true AS again, told.1 AS key, assumeNotNull(told.2) AS instant
                FROM ticket_events FINAL
                ARRAY JOIN arrayPushBack(arrayMap(k -> (k, read(JSONExtractString(payload, 'set', 'payload', k))), {time_keys:Array(String)}), ('', read(JSONExtractString(payload, 'set', 'event_time')))) AS told
                WHERE event_type = 't_amend' AND received_at < {until:DateTime64(3,'UTC')} AND (source_sys, ticket_no) IN (SELECT source_sys, ticket_no FROM touched) AND isNotNull(told.2)
            )
        )
        WHERE again AND isNotNull(before) AND before != instant
        UNION ALL
        SELECT source_sys, ticket_no, at FROM ({{retold_tickets}}) WHERE at < {until:DateTime64(3,'UTC')}
    ) AS e
    INNER JOIN
    (
        SELECT a.source_sys, a.subject_no, min(v.recorded_at) AS announced
        FROM (SELECT alert_id, source_sys, subject_no FROM alerts FINAL WHERE subject_kind = 'ticket' AND severity IN ('yellow', 'red')) AS a
        INNER JOIN (SELECT alert_id, recorded_at FROM alert_events FINAL WHERE severity IN ('yellow', 'red')) AS v ON v.alert_id = a.alert_id
        GROUP BY a.source_sys, a.subject_no
    ) AS c ON c.source_sys = e.source_sys AND c.subject_no = e.ticket_no
    WHERE e.received_at > c.announced
    GROUP BY e.source_sys, e.ticket_no
    HAVING max(e.received_at) >= {from:DateTime64(3,'UTC')}
) AS r
LEFT JOIN (SELECT source_sys, ticket_no, toString(org_code) AS org_code, toString(region_code) AS region_code, is_test FROM tickets FINAL) AS s ON s.source_sys = r.source_sys AND s.ticket_no = r.subject_no
WHERE NOT s.is_test
