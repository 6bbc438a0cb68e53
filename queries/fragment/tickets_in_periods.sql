-- One row per ticket and asked period; columns as in cases_in_periods. missed_due is the
-- first due that passed without an answer, and missed_org who held the ticket then. A period that ended before an
-- answer was taken back, by a redo order or a reopening, keeps the answer that the ticket had in it. Who
-- includes this asks for the organisation.
-- include: ticket_filter, period_array
WITH
    '{{bucket}}' AS bucket,
    if(bucket = '', 'day', bucket) AS bucket_unit,
    transform(bucket, ['month', 'quarter', 'year'], [1, 3, 12], 0) AS bucket_months,
    transform(bucket, ['day', 'week'], [1, 7], 0) AS bucket_days,
    arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at) AS i,
    greatest({from:DateTime64(3,'UTC')}, least(first_at, h_at[1])) AS begin,
    if(h_state[i] IN ('closed', 'invalid', 'merged'), least({{instant_until}}, addMilliseconds(greatest(h_at[i], ifNull(h_due_at[i], h_at[i])), 1)), {{instant_until}}) AS end,
    toDate(dateTrunc(bucket_unit, begin, 'Asia/Shanghai')) AS first_day,
    arrayCount(x -> x < p.2, h_at) AS j,
    -- the changes of the history that took an answer back: a redo order, a reopening, another who has to answer; a void is none
    arrayFilter((k, at, stop, before) -> isNull(stop) AND isNotNull(before) AND arrayExists((t, legal, f) -> t IN ('t_redo', 't_reopen', 't_dispatch', 't_redispatch') AND legal AND f = at, f_type, f_legal, f_at),
        arrayEnumerate(h_at), h_at, h_stop_at, arrayPopBack(arrayPushFront(h_stop_at, NULL))) AS takes,
    arrayFirst(k -> h_at[k] >= p.2 AND k <= i, takes) AS taken,
    if(taken > 0, taken - 1, i) AS q
SELECT
    source_sys, ticket_no, region_code, channel, kind, called_number, ticket_topic, case_no, urgent, calendar_version, attributes,
    p.1 AS period_from,
    p.2 AS period_until,
    p.3 AS period_at,
    h_state[i] AS state,
    h_excluded[q] AS excluded,
    h_received_at[i] AS received_at,
    h_dispatched_at[i] AS dispatched_at,
    h_stop_at[q] AS stop_at,
    h_closed_at[i] AS closed_at,
    h_due_at[q] AS due_known,
    h_net_days[q] AS net_days,
    h_margin_days[q] AS margin_days,
    h_state[j] AS state_then,
    h_excluded[j] AS excluded_then,
    h_dispatched_at[j] AS dispatched_then,
    h_stop_at[j] AS stop_then,
    h_closed_at[j] AS closed_then,
    h_due_at[j] AS due_then,
    excluded = '' AND ifNull(stop_at >= period_from AND stop_at < period_until, false) AS is_stopped_here,
    NOT is_stopped_here AND excluded_then = '' AND isNull(stop_then) AS is_running_then,
    if(is_stopped_here, h_org[q], h_org[j]) AS org_code,
    if(is_stopped_here, h_missed_due[q], h_missed_due[j]) AS missed_due,
    if(is_stopped_here, h_missed_org[q], h_missed_org[j]) AS missed_org,
    h_org[j] AS org_then,
    h_missed_due[j] AS missed_then,
    h_missed_org[j] AS missed_org_then
FROM tickets FINAL
ARRAY JOIN {{period_array}} AS p
WHERE i > 0 AND h_excluded[i] NOT IN ('void', 'test', 'secret')
    AND {{ticket_filter}}
