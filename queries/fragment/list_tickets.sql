-- Reader of figure_rows: the tickets behind a figure.
-- param: role String ? = numerator, denominator, or rest (in the denominator only); empty = all
-- param: limit UInt64 = at most so many rows
-- param: offset UInt64 ? = rows to leave out before them
-- column: in_numerator Bool = counts in the numerator
-- column: in_denominator Bool = counts in the denominator
-- column: bucket_at DateTime64(3,'UTC') = the deciding instant, whose local date gives day and month (C9)
-- column: due_at Nullable(DateTime64(3,'UTC')) = due moment that decides; null = none
SELECT
    source_sys, ticket_no, toBool(r.in_numerator) AS in_numerator, toBool(r.in_denominator) AS in_denominator, bucket_at, region_code, org_code, kind, channel,
    state, excluded, received_at, dispatched_at, due_at, stop_at, closed_at, net_days, margin_days
FROM figure_rows AS r
WHERE {role:String} = '' OR ({role:String} = 'numerator' AND in_numerator) OR ({role:String} = 'denominator' AND in_denominator)
    OR ({role:String} = 'rest' AND in_denominator AND NOT in_numerator)
ORDER BY bucket_at, source_sys, ticket_no
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
