-- purpose: Alerts (预警/黄牌/红牌数).
-- grain: one row per group
-- column: numerator UInt64 = notices, warnings and cards raised in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G01
-- dims: alert
-- evidence: list_alerts
-- include: alerts_as_of, instant_until, org_filter, count
-- What was revoked or cancelled is out; to be read by severity, rule and state.
WITH figure_rows AS
(
SELECT * EXCEPT (about_secret, source_sys), toString(source_sys) AS source_sys, toString(source_sys) AS subject_sys, raised_at AS bucket_at, true AS in_numerator, true AS in_denominator
FROM ({{alerts_as_of}})
WHERE state NOT IN ('revoked', 'cancelled') AND raised_at >= {from:DateTime64(3,'UTC')} AND raised_at < {{instant_until}} AND {{org_filter}}
)
{{count}}
