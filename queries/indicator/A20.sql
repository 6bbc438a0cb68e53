-- purpose: Catalogue changes published in time (目录更新及时率).
-- grain: one row per group
-- column: numerator UInt64 = changes published within 20 working days of their effect
-- column: denominator UInt64 = changes that took effect in the period, first versions left out
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.2, A20
-- dims: item
-- evidence: list_items
-- include: items_known, figure_scope, days_in_force, instant_until, ratio
-- Published is published_at, else when the catalogue sent the version; the effect is the first
-- day that the version claims.
WITH figure_rows AS
(
WITH {{days_in_force}}
SELECT *, published_at <= day_end(add_wd(claimed_from, 20)) AS in_numerator, true AS in_denominator
FROM
(
    SELECT *, toTimeZone(toDateTime64(claimed_from, 3, 'Asia/Shanghai'), 'UTC') AS bucket_at,
        ifNull(parseDateTime64BestEffortOrNull(JSONExtractString(payload, 'published_at'), 3, 'UTC'), known_since) AS published_at
    FROM ({{items_known}})
    WHERE is_change AND {{figure_scope}}
)
WHERE bucket_at >= {from:DateTime64(3,'UTC')} AND bucket_at < {{instant_until}} AND notEmpty(wd_days) AND published_at <= {as_of:DateTime64(3,'UTC')}
)
{{ratio}}
