-- The periods in which a subject can count, as (first instant, first instant
-- after it, instant at which what is open is judged): the asked one, or its
-- local days, months, quarters or years from the first fact of the subject on
-- (begin) to the end of its life (end). Uses begin and end of the text around it.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: instant_until
if('{{bucket}}' = '',
    [({from:DateTime64(3,'UTC')}, {{instant_until}}, least({{instant_until}}, {as_of:DateTime64(3,'UTC')}))],
    arrayMap(
        n -> (
            greatest({from:DateTime64(3,'UTC')}, toDateTime64(addDays(addMonths(first_day, n * bucket_months), n * bucket_days), 3, 'Asia/Shanghai')),
            least({{instant_until}}, toDateTime64(addDays(addMonths(first_day, (n + 1) * bucket_months), (n + 1) * bucket_days), 3, 'Asia/Shanghai')),
            least({as_of:DateTime64(3,'UTC')}, {{instant_until}}, toDateTime64(addDays(addMonths(first_day, (n + 1) * bucket_months), (n + 1) * bucket_days), 3, 'Asia/Shanghai'))),
        range(if(end > begin, toUInt64(dateDiff(bucket_unit, begin, subtractMilliseconds(end, 1), 'Asia/Shanghai') + 1), 0))))
