-- purpose: Tell for which people and channels events have been planned already.
-- grain: one row per event, person and channel
-- param: events Array(String) = event ids
-- param: since DateTime64(3,'UTC') = no notice of these events has an older window
-- column: person String = user id; empty = nobody was found
-- column: event String = event id
-- column: channel String = kind of channel; of one without recipient ORG/RUNG/REASON
SELECT DISTINCT event, person, channel
FROM
(
    SELECT
        arrayJoin(events) AS event,
        toString(person) AS person,
        if(person = '', concat(org_code, '/', rung, '/', reason), toString(channel)) AS channel
    FROM notices
    WHERE window_at >= {since:DateTime64(3,'UTC')}
)
WHERE event IN {events:Array(String)}
