-- purpose: Tell whether anything was ever stored from the topics.
-- grain: one row
-- column: has_data UInt8 = 1 when something was
SELECT toUInt8(count() > 0) AS has_data
FROM (SELECT 1 FROM deliveries LIMIT 1)
