-- Yellow and red cards of the period: alerts that were issued as one, from the instant of
-- the first card on, with when the organisation answered, appealed, and what was decided.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: alerts_as_of, instant_until, org_filter
SELECT * EXCEPT (about_secret, source_sys), toString(source_sys) AS source_sys, toString(source_sys) AS subject_sys, card_at AS bucket_at
FROM ({{alerts_as_of}}) AS a
INNER JOIN
(
    SELECT alert_id, minIf(effective_at, severity IN ('yellow', 'red') AND state != 'pending') AS card_at,
        maxIf(effective_at, event = 'feedback') AS fed_back_at, countIf(event = 'appeal') > 0 AS was_appealed
    FROM alert_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')}
    GROUP BY alert_id
    HAVING countIf(severity IN ('yellow', 'red') AND state != 'pending') > 0
) AS c ON c.alert_id = a.alert_id
WHERE card_at >= {from:DateTime64(3,'UTC')} AND card_at < {{instant_until}} AND {{org_filter}}
