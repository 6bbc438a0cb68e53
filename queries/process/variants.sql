-- purpose: Variants: the different sequences of activities and how many cases follow each.
-- grain: one row per sequence
-- column: activities Array(String) = the activities in order
-- column: cases UInt64 = cases with just this sequence
-- column: share Float64 = of all cases, in 0..1
-- source: pm4py get_variants
-- include: process_traces
SELECT
    labels AS activities,
    count() AS cases,
    cases / sum(cases) OVER () AS share
FROM ({{process_traces}})
GROUP BY labels
ORDER BY cases DESC, activities
