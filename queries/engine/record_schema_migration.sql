-- purpose: Remember the status of one migration.
-- grain: one row: one change of status
-- param: name String = name of the migration
-- param: status String = started or done
-- param: checksum String = SHA-256 of its text
-- param: at DateTime64(3,'UTC') = the instant of the change of status
INSERT INTO schema_migrations (name, status, checksum, at)
SELECT {name:String}, {status:String}, {checksum:String}, {at:DateTime64(3,'UTC')}
