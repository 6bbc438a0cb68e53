-- purpose: Ratings by whether they count and why not.
-- grain: one row per group and status
-- column: status String = valid, default, excluded, follow_up or late
-- column: ratings UInt64 = ratings given in the period that were not replaced by a later one
-- source: domain guide 4
-- dims: rating
-- include: ratings_as_of
WITH figure_rows AS
(
SELECT *, rated_at AS bucket_at FROM ({{ratings_as_of}})
)
SELECT {{dims}} status, count() AS ratings
FROM figure_rows AS r
{{joins}}
WHERE {{only}}
GROUP BY {{keys}} status
ORDER BY {{keys}} status
