-- Reader of counted by days, months, quarters or years: a number of subjects. A movement counts from
-- its own period to that of its deciding instant, a stock to the last one; what a place counts is
-- carried on from step to step.
-- include: movement_steps
-- column: denominator Nullable(UInt64) = null: a count has none
-- column: value UInt64 = the same count
SELECT {{keys}}numerator, denominator, value
FROM
(
    SELECT {{place_keys}}{{times}}toUInt64(b.2) AS numerator, CAST(NULL, 'Nullable(UInt64)') AS denominator, numerator AS value
    FROM
    (
        SELECT {{place_keys}}b, toDateTime64(addDays(addMonths(toDate32('1970-01-01'), b.1 * bucket_months), b.1 * bucket_days), 3, 'Asia/Shanghai') AS bucket_at
        FROM ({{movement_steps}})
    )
    WHERE b.2 != 0 OR b.3 != 0
)
{{order}}
