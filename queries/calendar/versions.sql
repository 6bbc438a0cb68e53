-- purpose: List the versions of the calendar that the office loaded.
-- grain: one row per version
-- column: version String = its name
-- column: base String = version it is based on
-- column: year UInt16 = year of its notice
-- column: document String = number of the notice
-- column: issued String = day of issue, YYYY-MM-DD; empty = not given
-- column: notice String = the notice as JSON
-- column: imported_by String = who loaded it
-- column: imported_at DateTime64(3,'UTC') = when
SELECT version, base, year, document, issued, notice, imported_by, imported_at
FROM calendar_versions FINAL
ORDER BY imported_at, version
