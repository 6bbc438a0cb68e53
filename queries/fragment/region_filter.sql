-- The subtree of a division by the parent table; a code that the table does not
-- hold (an older edition) is placed by its digits (domain guide 1.1). Nothing is read where all divisions are meant.
-- param: region String ? = division whose subtree is meant; empty or 000000 = all
(
    {region:String} IN ('', '000000')
    OR region_code IN (SELECT region_code FROM regions WHERE {region:String} NOT IN ('', '000000') AND has(path, {region:String}))
    OR (
        startsWith(region_code, multiIf(
            length({region:String}) = 6 AND endsWith({region:String}, '0000'), substring({region:String}, 1, 2),
            length({region:String}) = 6 AND endsWith({region:String}, '00'), substring({region:String}, 1, 4),
            {region:String}))
        AND region_code NOT IN (SELECT region_code FROM regions WHERE {region:String} NOT IN ('', '000000'))
    )
)
