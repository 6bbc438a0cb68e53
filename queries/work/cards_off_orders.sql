-- purpose: Find the cards that were taken back and are still in an order that the system opened for them.
-- grain: one row per order
-- param: after_version UInt64 = fold version up to which this was done
-- param: until_version UInt64 = … and is done now
-- column: id String = order
-- column: gone Array(String) = cards that leave it
-- source: domain guide 6.1, Ladder
WITH held AS
(
    SELECT id, arrayJoin(alerts) AS alert
    FROM work_items FINAL
    WHERE kind = 'order' AND JSONHas(data, 'day') AND state IN ('draft', 'issued', 'signed', 'in_progress', 'returned', 'replied')
)
SELECT id, groupArray(alert) AS gone
FROM held
WHERE alert IN
(
    SELECT alert_id FROM alerts FINAL
    WHERE alert_id IN (SELECT alert FROM held) AND fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64} AND state IN ('revoked', 'cancelled')
)
GROUP BY id
ORDER BY id
