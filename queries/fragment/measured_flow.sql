-- What was counted over times that lie within the asked period, and within one day, month,
-- quarter or year where the figure is asked by these: what spans two belongs to neither.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: to DateTime64(3,'UTC') ? = first instant after the period; nothing = up to as_of
-- include: measured
SELECT *, true AS in_numerator, true AS in_denominator, period_from AS bucket_at
FROM ({{measured}})
WHERE period_from >= {from:DateTime64(3,'UTC')} AND (toUnixTimestamp64Milli({to:DateTime64(3,'UTC')}) = 0 OR period_to <= {to:DateTime64(3,'UTC')})
    AND ('{{bucket}}' = '' OR dateTrunc(if('{{bucket}}' = '', 'day', '{{bucket}}'), period_from, 'Asia/Shanghai') = dateTrunc(if('{{bucket}}' = '', 'day', '{{bucket}}'), subtractMilliseconds(period_to, 1), 'Asia/Shanghai'))
