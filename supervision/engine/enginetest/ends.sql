SELECT CAST(topic, 'String') AS name, partition, max(offset) + 1 AS end
FROM deliveries
GROUP BY topic, partition
