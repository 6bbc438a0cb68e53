-- Reader of counted by days, months, quarters or years: a share of subjects. A movement counts from
-- its own period to that of its deciding instant, a stock to the last one; what a place counts is
-- carried on from step to step.
-- include: movement_steps
-- column: value Nullable(Float64) = numerator / denominator in 0..1; null when the denominator is 0 (C6)
SELECT {{keys}}numerator, denominator, value
FROM
(
    SELECT {{place_keys}}{{times}}toUInt64(b.2) AS numerator, toUInt64(b.3) AS denominator, if(denominator = 0, NULL, numerator / denominator) AS value
    FROM
    (
        SELECT {{place_keys}}b, toDateTime64(addDays(addMonths(toDate32('1970-01-01'), b.1 * bucket_months), b.1 * bucket_days), 3, 'Asia/Shanghai') AS bucket_at
        FROM ({{movement_steps}})
    )
    WHERE b.2 != 0 OR b.3 != 0
)
{{order}}
