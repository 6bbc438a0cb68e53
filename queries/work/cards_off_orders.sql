-- purpose: Find the cards that were taken back and are still in an order that the system opened for them.
-- grain: one row per order
-- include: changed_alerts
-- column: id String = order
-- column: gone Array(String) = cards that leave it
-- source: domain guide 6.1, Ladder
SELECT id, groupArray(alert) AS gone
FROM
(
    SELECT id, arrayJoin(alerts) AS alert
    FROM work_items FINAL
    WHERE kind = 'order' AND JSONHas(data, 'day') AND state IN ('draft', 'issued', 'signed', 'in_progress', 'returned', 'replied')
)
WHERE alert IN (SELECT alert_id FROM alerts FINAL WHERE alert_id IN (SELECT alert_id FROM ({{changed_alerts}})) AND state IN ('revoked', 'cancelled'))
GROUP BY id
ORDER BY id
