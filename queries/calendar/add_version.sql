-- purpose: Keep a version of the calendar that the office loaded.
-- grain: one row
-- param: version String = its name
-- param: base String = version it is based on
-- param: year UInt16 = year of its notice
-- param: document String = number of the notice
-- param: issued String = day of issue, YYYY-MM-DD; empty = not given
-- param: notice String = the notice as JSON
-- param: imported_by String = who loads it
-- param: imported_at DateTime64(3,'UTC') = when
INSERT INTO calendar_versions (version, base, year, document, issued, notice, imported_by, imported_at)
SELECT {version:String}, {base:String}, {year:UInt16}, {document:String}, {issued:String}, {notice:String}, {imported_by:String}, {imported_at:DateTime64(3,'UTC')}
