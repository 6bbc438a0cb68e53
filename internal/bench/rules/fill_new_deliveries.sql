INSERT INTO deliveries (topic, partition, `offset`, outcome, source_sys, subject_kind, subject, identity, content, received_at, stored_at)
SELECT topic, partition, offset, 'fact', source_sys, 'case', case_no, reinterpretAsUInt128(sipHash128(event_id)), content, received_at, stored_at
FROM case_events
WHERE received_at = {received:DateTime64(3,'UTC')} AND startsWith(event_id, 'n')
