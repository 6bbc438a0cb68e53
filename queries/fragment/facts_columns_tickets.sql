-- Columns of ticket_events as the fold reads them; see facts_columns_cases.
-- column: source_sys String = source system
-- column: ticket_no String = number of the ticket in that system
-- column: event_id String = identity of the fact in that system
-- column: revision UInt32 = revision of the fact; the highest stands
-- column: seq Int64 = the source's own order; 0 when it gives none
-- column: event_type String = kind of event
-- column: occurred_at DateTime64(3,'UTC') = when it happened, as the source claims
-- column: emitted_at DateTime64(3,'UTC') = when the source sent it; 1970-01-01 = not given
-- column: region_code String = division
-- column: org_code String = organisation that the ticket is with after this fact
-- column: channel String = one of the channels of tickets, or empty
-- column: kind String = ticket type of domain guide 1.3
-- column: called_number String = number that was called
-- column: ticket_topic String = subject matter
-- column: case_no String = case that it is about; empty when none
-- column: staff_id String = member of staff
-- column: activity String = name of the step in the source
-- column: lifecycle String = XES transition of the step
-- column: payload String = what belongs to this event, as JSON
-- column: content UInt64 = hash of what the source claims
-- column: topic String = topic of the delivery
-- column: partition UInt32 = its partition
-- column: offset UInt64 = its place there
-- column: received_at DateTime64(3,'UTC') = when the broker took it
-- column: lost UInt8 = 1 when another fact of the same identity and revision arrived before and stands
-- column: contested UInt8 = 1 when it stands against such another
source_sys, ticket_no, event_id, revision, seq, event_type, occurred_at, emitted_at, region_code, org_code,
    channel, kind, called_number, ticket_topic, case_no, staff_id, activity, lifecycle, payload, content,
    topic, partition, offset, received_at,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND NOT stands)) AS lost,
    ((partition, offset) IN (SELECT partition, offset FROM fact_conflicts FINAL WHERE topic = 'hotline-tickets' AND stands)) AS contested
