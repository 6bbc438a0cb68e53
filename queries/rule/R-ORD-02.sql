-- purpose: Card not answered: no feedback on a yellow or red card within five working days.
-- grain: one row per alert whose card was not answered in time
-- include: steps
-- param: until DateTime64(3,'UTC') = end of the hour
-- source: domain guide 6.2, R-ORD-02; 6.1 "Feedback"
-- Decisions: the deadline is the alert's own feedback_due. Feedback, an appeal or the
-- end of the alert (revoked, cancelled, closed), and the review queue, answer it; a
-- receipt does not. Alerts of this rule itself are left out, or each would breed the
-- next. The card stays on record when the answer comes late. What waits to be
-- confirmed was never issued and asks nobody for an answer.
WITH
{{steps}}
SELECT
    '' AS source_sys, a.alert_id AS subject_no, '' AS clock_no, a.org_code AS org_code, a.region_code AS region_code, a.task_code AS task_code, a.window_id AS window_id, '' AS staff_id,
    [(addMilliseconds(assumeNotNull(a.feedback_due), 1), 'yellow')] AS steps, a.feedback_due AS due_at,
    map('rule', a.rule_id, 'severity', a.severity, 'subject_kind', a.subject_kind, 'answered_at', if(e.answered > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), toString(e.answered), '')) AS evidence
FROM (SELECT * FROM alerts FINAL WHERE isNotNull(feedback_due) AND rule_id != 'R-ORD-02' AND feedback_due < {until:DateTime64(3,'UTC')}) AS a
LEFT JOIN
(
    SELECT alert_id, countIf(state = 'issued') > 0 AS issued,
        minIf(effective_at, state IN ('fed_back', 'appealed', 'upheld', 'escalated', 'revoked', 'cancelled', 'closed', 'review')) AS answered
    FROM alert_events FINAL
    GROUP BY alert_id
) AS e ON e.alert_id = a.alert_id
WHERE e.issued AND (e.answered <= toDateTime64('1970-01-01 00:00:00', 3, 'UTC') OR e.answered > a.feedback_due)
