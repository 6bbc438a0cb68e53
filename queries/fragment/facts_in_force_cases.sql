-- The case facts in force as of an instant, one row each: redeliveries once,
-- conflicting rewrites ignored, of an event the highest revision, nothing that a
-- void takes back, and no voids and amends themselves. A fact that an amend
-- moved has the new instant; other amended content stays as it was sent. Use it
-- as a subquery: FROM ({{facts_in_force_cases}}).
-- include: facts_moved_cases, facts_superseded_cases, facts_voided_cases
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later are not known
SELECT
    f.source_sys AS source_sys, f.case_no AS case_no, f.event_id AS event_id, f.revision AS revision, f.seq AS seq,
    f.event_type AS event_type, if(m.event_id = '', f.occurred_at, m.moved_to) AS occurred_at,
    f.emitted_at AS emitted_at, f.region_code AS region_code, f.org_code AS org_code, f.accept_org AS accept_org,
    f.task_code AS task_code, f.task_version AS task_version, f.window_id AS window_id, f.staff_id AS staff_id,
    f.apply_channel AS apply_channel, f.activity AS activity, f.lifecycle AS lifecycle, f.payload AS payload,
    f.topic AS topic, f.partition AS partition, f.`offset` AS `offset`, f.received_at AS received_at, f.stored_at AS stored_at
FROM
(
    SELECT *
    FROM case_events FINAL
    WHERE event_type NOT IN ('void', 'amend') AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'case-events' AND NOT stands)
        AND (source_sys, case_no, event_id, revision) NOT IN ({{facts_superseded_cases}})
        AND (source_sys, case_no, event_id) NOT IN ({{facts_voided_cases}})
) AS f
LEFT JOIN ({{facts_moved_cases}}) AS m ON m.source_sys = f.source_sys AND m.case_no = f.case_no AND m.event_id = f.event_id
