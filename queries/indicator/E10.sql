-- purpose: Default ratings (默认评价占比).
-- grain: one row per group
-- column: numerator UInt64 = ratings that the system filled in
-- column: denominator UInt64 = all ratings of the period
-- source: domain guide 5.6, E10
-- dims: rating
-- evidence: list_ratings
-- include: ratings_as_of, ratio
-- Defaults are in no figure of satisfaction.
WITH figure_rows AS
(
SELECT *, status = 'default' AS in_numerator, true AS in_denominator, rated_at AS bucket_at
FROM ({{ratings_as_of}})
WHERE status != 'early'
)
{{ratio}}
