SELECT count(), quantileExact(0.5)(age), quantileExact(0.99)(age), max(age)
FROM
(
    SELECT toFloat64(recorded_at) - toFloat64(a.received_at) AS age
    FROM (SELECT subject_no, min(recorded_at) AS recorded_at FROM alerts FINAL WHERE rule_id = 'R-DDL-03' GROUP BY subject_no) AS r
    INNER JOIN (SELECT case_no, min(received_at) AS received_at FROM case_events WHERE event_type = 'accept' GROUP BY case_no) AS a ON a.case_no = r.subject_no
)
