-- purpose: Activities of a source and how often they happen.
-- grain: one row per activity
-- column: activity String = name of the activity, with its transition when the classifier asks for it
-- column: count UInt64 = facts
-- column: cases UInt64 = cases in which it happens
-- column: starts UInt64 = cases that begin with it
-- column: ends UInt64 = cases that end with it, as known at as_of
-- column: first_at DateTime64(3,'UTC') = earliest
-- column: last_at DateTime64(3,'UTC') = latest
-- source: pm4py get_event_attribute_values, get_start_activities, get_end_activities
-- include: process_traces
SELECT
    fact.1 AS activity,
    count() AS count,
    uniqExact(kind, subject_no) AS cases,
    countIf(fact.3 = 1) AS starts,
    countIf(fact.3 = length(labels)) AS ends,
    min(fact.2) AS first_at,
    max(fact.2) AS last_at
FROM
(
    SELECT kind, subject_no, labels, arrayJoin(arrayZip(labels, instants, arrayEnumerate(labels))) AS fact
    FROM ({{process_traces}})
)
GROUP BY activity
ORDER BY count DESC, activity
