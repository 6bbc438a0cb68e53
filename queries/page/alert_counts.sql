-- purpose: Count alerts as of an instant by severity.
-- grain: one row per severity
-- include: alerts_counted
-- column: severity String = severity
-- column: open UInt64 = not ended
-- column: unsigned UInt64 = issued and not signed for
-- column: answer_late UInt64 = cards whose time to answer is over without an answer
-- column: today UInt64 = whose severity was reached on the local day of as_of
-- column: total UInt64 = all, without revoked and cancelled ones
-- source: domain guide 5.8, G01
SELECT severity,
    countIf(NOT ended) AS open,
    countIf(state = 'issued') AS unsigned,
    countIf(state IN ('issued', 'acked') AND ifNull(feedback_due < {as_of:DateTime64(3,'UTC')}, false)) AS answer_late,
    countIf(toDate(severity_at, 'Asia/Shanghai') = toDate({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai')) AS today,
    countIf(state NOT IN ('revoked', 'cancelled')) AS total
FROM ({{alerts_counted}})
GROUP BY severity
ORDER BY severity
