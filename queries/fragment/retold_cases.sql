-- The facts of cases that were told again at a time that suits the limit better: what
-- an amend of event_time does, by other means (domain guide 2.6, back-dating). Either
-- the one told before was voided and the same kind of event came at an earlier time, or,
-- of what makes a clock start or a pause end, at a later one; or an event that a life has
-- once came a second time at an earlier time. Kinds: results count as one.
-- The query that uses it has a WITH retold_of: source_sys and case_no of those looked for.
-- It gives source_sys, case_no, event_id and event_type of the second one, at (when the retelling was complete),
-- and made_at (when the second one or the void was made, as far as the source says).
SELECT n.source_sys AS source_sys, n.case_no AS case_no, n.event_id AS event_id, n.event_type AS event_type,
    greatest(n.received_at, ifNull(v.voided_at, n.received_at)) AS at, greatest(n.occurred_at, n.emitted_at, ifNull(v.made_at, n.occurred_at)) AS made_at
FROM
(
    SELECT source_sys, case_no, event_id, toString(event_type) AS event_type, occurred_at, emitted_at, received_at, offset
    FROM case_events FINAL
    WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM retold_of) AND event_type NOT IN ('void', 'amend')
) AS n
INNER JOIN
(
    SELECT source_sys, case_no, event_id, toString(event_type) AS event_type, occurred_at, received_at, offset
    FROM case_events FINAL
    WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM retold_of) AND event_type NOT IN ('void', 'amend')
) AS o ON o.source_sys = n.source_sys AND o.case_no = n.case_no
LEFT JOIN
(
    SELECT source_sys, case_no, JSONExtractString(payload, 'target_event_id') AS target, toNullable(min(received_at)) AS voided_at, toNullable(min(occurred_at)) AS made_at
    FROM case_events FINAL
    WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM retold_of) AND event_type = 'void'
    GROUP BY source_sys, case_no, target
) AS v ON v.source_sys = o.source_sys AND v.case_no = o.case_no AND v.target = o.event_id
LEFT JOIN
(
    SELECT source_sys, case_no, groupArray(occurred_at) AS times
    FROM case_events FINAL
    WHERE (source_sys, case_no) IN (SELECT source_sys, case_no FROM retold_of) AND event_type = 'reopen'
    GROUP BY source_sys, case_no
) AS r ON r.source_sys = n.source_sys AND r.case_no = n.case_no
WHERE n.event_id != o.event_id AND (n.received_at, n.offset) > (o.received_at, o.offset)
    AND (
        isNotNull(v.voided_at)
        AND if(n.event_type IN ('decide', 'finish', 'deemed_consent'), 'result', n.event_type) = if(o.event_type IN ('decide', 'finish', 'deemed_consent'), 'result', o.event_type)
        AND (n.occurred_at < o.occurred_at OR n.occurred_at > o.occurred_at AND n.event_type IN ('apply', 'correction_submit', 'accept', 'step_start', 'suspend_end', 'fee_paid'))
        OR n.event_type = o.event_type AND n.occurred_at < o.occurred_at AND n.event_type IN ('apply', 'accept', 'not_accept', 'decide', 'finish', 'deemed_consent', 'withdraw', 'terminate')
        AND NOT arrayExists(t -> t > n.occurred_at AND t <= o.occurred_at, r.times)
    )
