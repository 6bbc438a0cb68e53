-- What stood at the end of each asked period: the last measurement of each source,
-- organisation, division and key that had ended by then.
-- include: measured, period_terms, period_array
SELECT *, true AS in_numerator, true AS in_denominator, subtractMilliseconds(p.2, 1) AS bucket_at
FROM
(
    WITH
        greatest({from:DateTime64(3,'UTC')}, subtractMilliseconds(period_to, 1)) AS begin,
        {{instant_until}} AS end,
        {{period_terms}}
    SELECT *, p
    FROM ({{measured}})
    ARRAY JOIN {{period_array}} AS p
)
WHERE period_to <= p.3
ORDER BY period_to DESC, event_id DESC
LIMIT 1 BY source_sys, org_code, region_code, name, about, p.1
