-- Reader of figure_rows with components: the weighted sum of their rates in points of 100,
-- known when each component is.
-- column: value Nullable(Float64) = the score; null when a component has no denominator
-- column: components UInt64 = how many of the components are known
SELECT * EXCEPT (score),
    if(components = 4, score, 0.) AS numerator,
    toUInt64(components = 4) AS denominator,
    if(components = 4, toNullable(score), NULL) AS value
FROM
(
    SELECT {{dims}}
        uniqExactIf(component, in_denominator) AS components,
        100 * arraySum(arrayMap(x -> x.1 * x.2 / greatest(x.3, 1), arrayMap((w, n, d) -> (w, n, d),
            [0.2, 0.4, 0.3, 0.1],
            [countIf(component = 'F08' AND in_numerator), countIf(component = 'F09' AND in_numerator), countIf(component = 'F10' AND in_numerator), countIf(component = 'F06' AND in_numerator)],
            [countIf(component = 'F08'), countIf(component = 'F09'), countIf(component = 'F10'), countIf(component = 'F06')]))) AS score
    FROM figure_rows AS r
    {{joins}}
    WHERE {{only}}
    {{group}}
)
{{order}}
