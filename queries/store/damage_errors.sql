-- purpose: Count the errors of the server that say that what it reads from the disk is damaged.
-- grain: one row
-- column: errors UInt64 = since the server started: 40 checksum, 226 and 228 files of a part, 246 corrupted data, 271 cannot unpack, 432 unknown packing
SELECT toUInt64(sum(value)) AS errors
FROM system.errors
WHERE code IN (40, 226, 228, 246, 271, 432)
