-- What period_array needs, for a WITH clause; begin and end stand in the text around it.
'{{bucket}}' AS bucket,
if(bucket = '', 'day', bucket) AS bucket_unit,
transform(bucket, ['month', 'quarter', 'year'], [1, 3, 12], 0) AS bucket_months,
transform(bucket, ['day', 'week'], [1, 7], 0) AS bucket_days,
toDate(dateTrunc(bucket_unit, begin, 'Asia/Shanghai')) AS first_day
