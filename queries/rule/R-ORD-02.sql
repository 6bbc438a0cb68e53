-- purpose: Card not answered: no feedback on a yellow or red card within five working days of being asked.
-- grain: one row per alert and request that was not answered in time; the first has no clock_no, the others are counted
-- include: workdays, rule_steps
-- param: until DateTime64(3,'UTC') = end of the hour
-- param: answer_days UInt16 = working days to answer
-- source: domain guide 6.2, R-ORD-02; 6.1 "Feedback"
-- An answer is asked for when a card is raised, becomes graver, is confirmed or raised
-- again, when an answer was sent back, and when an appeal was upheld; each time anew,
-- and the next request takes the place of one whose time is not over. Feedback, an
-- appeal, an escalation, the end of the alert and the review queue answer it; a receipt
-- does not. What the department did before it was asked answers nothing. The system's
-- own entries count from when they were made, those of people from when they acted.
-- Alerts of this rule itself are left out, or each would breed the next. The card stays
-- on record when the answer comes late. What waits to be confirmed was never issued and
-- asks nobody for an answer.
SELECT
    '' AS source_sys, alert_id AS subject_no, if(n = 1, '', toString(n)) AS clock_no, org_code, region_code, task_code, window_id, '' AS staff_id,
    [(addMilliseconds(ask.5, 1), 'yellow')] AS steps, toNullable(ask.3) AS due_at,
    map('rule', rule_id, 'severity', ask.4, 'subject_kind', subject_kind, 'asked_at', toString(ask.2),
        'answered_at', ifNull(toString(arrayFirstOrNull(x -> x.1 > ask.1, answers).2), '')) AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}}
    SELECT *,
        arrayMap(x -> (x.1, x.2, x.3, x.4, surely(local_day(x.2), local_day(x.3), x.3)), arrayMap(x -> (x.1, x.5, day_end(add_wd(local_day(x.5), {answer_days:UInt16})), x.4),
            arrayFilter(x -> x.2 IN ('raised', 'upgraded', 'confirm', 'reopen', 'reject_feedback', 'uphold') AND x.3 IN ('issued', 'acked', 'upheld') AND x.4 IN ('yellow', 'red'), entries))) AS asks,
        arrayMap(x -> (x.1, x.5), arrayFilter(x -> x.3 IN ('fed_back', 'appealed', 'escalated', 'revoked', 'cancelled', 'closed', 'review'), entries)) AS answers,
        arrayFilter(q -> q.5 < {until:DateTime64(3,'UTC')}
            AND NOT arrayExists(x -> x.1 > q.1 AND x.2 <= q.5, answers) AND NOT arrayExists(x -> x.1 > q.1 AND x.2 <= q.5, asks), asks) AS missed
    FROM (SELECT * FROM alerts FINAL WHERE isNotNull(feedback_due) AND rule_id != 'R-ORD-02' AND recorded_at < {until:DateTime64(3,'UTC')}) AS a
    INNER JOIN
    (
        SELECT alert_id, arraySort(groupArray((seq, toString(event), toString(state), toString(severity), if(actor = '', recorded_at, effective_at)))) AS entries
        FROM alert_events FINAL
        GROUP BY alert_id
    ) AS e ON e.alert_id = a.alert_id
)
ARRAY JOIN missed AS ask, arrayEnumerate(missed) AS n
