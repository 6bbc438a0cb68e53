-- purpose: Read what a data folder must have to belong to this database.
-- grain: one row per name
-- column: name String = instance or token-key
-- column: value String = fingerprint
SELECT toString(name) AS name, argMin(value, at) AS value
FROM instance_marks
GROUP BY name
ORDER BY name
