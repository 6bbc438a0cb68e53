-- purpose: Count the stored administrative divisions of an edition.
-- grain: one row
-- param: edition String = edition of the divisions
-- column: regions UInt64 = stored divisions
SELECT uniqExact(region_code) AS regions FROM regions WHERE edition = {edition:String}
