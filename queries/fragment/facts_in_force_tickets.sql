-- The ticket facts in force as of an instant, one row each: redeliveries once,
-- conflicting rewrites ignored, of an event the highest revision, nothing that a
-- void takes back, and no voids and amends themselves. A fact that an amend
-- moved has the new instant; other amended content stays as it was sent. Use it
-- as a subquery: FROM ({{facts_in_force_tickets}}).
-- include: facts_moved_tickets, facts_superseded_tickets, facts_voided_tickets
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later are not known
SELECT
    f.source_sys AS source_sys, f.ticket_no AS ticket_no, f.event_id AS event_id, f.revision AS revision, f.seq AS seq,
    f.event_type AS event_type, if(m.event_id = '', f.occurred_at, m.moved_to) AS occurred_at,
    f.emitted_at AS emitted_at, f.region_code AS region_code, f.org_code AS org_code,
    f.channel AS channel, f.kind AS kind, f.called_number AS called_number, f.ticket_topic AS ticket_topic,
    f.case_no AS case_no, f.staff_id AS staff_id, f.activity AS activity, f.lifecycle AS lifecycle, f.payload AS payload,
    f.topic AS topic, f.partition AS partition, f.`offset` AS `offset`, f.received_at AS received_at, f.stored_at AS stored_at
FROM
(
    SELECT *
    FROM ticket_events FINAL
    WHERE event_type NOT IN ('t_void', 't_amend') AND occurred_at <= {as_of:DateTime64(3,'UTC')}
        AND (partition, offset) NOT IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND NOT stands)
        AND (source_sys, ticket_no, event_id, revision) NOT IN ({{facts_superseded_tickets}})
        AND (source_sys, ticket_no, event_id) NOT IN ({{facts_voided_tickets}})
) AS f
LEFT JOIN ({{facts_moved_tickets}}) AS m ON m.source_sys = f.source_sys AND m.ticket_no = f.ticket_no AND m.event_id = f.event_id
