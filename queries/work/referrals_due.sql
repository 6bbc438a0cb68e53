-- purpose: Find what an accountability referral is to be proposed for and has none.
-- grain: one row per ground
-- include: workdays
-- param: after_version UInt64 = fold version up to which this was done
-- param: until_version UInt64 = … and is done now
-- param: now DateTime64(3,'UTC') = the instant
-- param: proved_rules Array(String) = rules of which one proved card is enough
-- param: cards UInt16 = red cards on one member of staff in a quarter
-- param: over_days UInt16 = more working days than these that an order is over its due
-- column: id String = id of the referral
-- column: basis String = red_cards, proved_violation or order_overdue
-- column: org_code String = organisation; empty = nobody in particular
-- column: region_code String = division; empty = none
-- column: staff_id String = member of staff; empty = none
-- column: detail String = quarter, rule or order
-- column: alerts Array(String) = alerts it is about
-- column: subjects Array(String) = what it is about, as kind/source/number
-- source: domain guide 6.3
-- Red cards count while they stand: those to be confirmed, in review, revoked and
-- cancelled do not. Proved is a card that a supervisor upheld, escalated or closed
-- after its feedback. What lies more than 400 days back is closed.
-- An alert's row has the version of the last entry of its history, so what changed
-- is found by it; a set of all alerts of a first load would not fit into memory.
WITH
{{workdays}}
SELECT *
FROM
(
    SELECT lower(hex(sipHash128('referral', 'red_cards', org_code, staff_id, detail))) AS id, 'red_cards' AS basis, org_code, any(region_code) AS region_code, staff_id, detail,
        groupArray(alert_id) AS alerts, groupArray(subject) AS subjects
    FROM
    (
        SELECT alert_id, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(staff_id) AS staff_id,
            concat(toString(toYear(severity_at, 'Asia/Shanghai')), '-Q', toString(toQuarter(severity_at, 'Asia/Shanghai'))) AS detail,
            concat(subject_kind, '/', source_sys, '/', subject_no) AS subject
        FROM alerts FINAL
        WHERE severity = 'red' AND state NOT IN ('pending', 'review', 'revoked', 'cancelled') AND staff_id != '' AND severity_at >= addDays({now:DateTime64(3,'UTC')}, -400)
            AND (org_code, staff_id) IN (SELECT org_code, staff_id FROM alerts FINAL WHERE severity = 'red' AND staff_id != '' AND fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64})
        ORDER BY alert_id
    )
    GROUP BY org_code, staff_id, detail
    HAVING count() >= {cards:UInt16}
    UNION ALL
    SELECT lower(hex(sipHash128('referral', 'proved_violation', a.alert_id))), 'proved_violation', toString(org_code), toString(region_code), toString(staff_id), toString(rule_id),
        [a.alert_id], [concat(subject_kind, '/', source_sys, '/', subject_no)]
    FROM
    (
        SELECT * FROM alerts FINAL
        WHERE severity = 'red' AND has({proved_rules:Array(String)}, toString(rule_id)) AND severity_at >= addDays({now:DateTime64(3,'UTC')}, -400)
            AND fold_version > {after_version:UInt64} AND fold_version <= {until_version:UInt64}
    ) AS a
    INNER JOIN
    (
        SELECT alert_id, argMax(toString(event), seq) AS last_event
        FROM alert_events FINAL
        WHERE alert_id IN (SELECT alert_id FROM alerts WHERE has({proved_rules:Array(String)}, toString(rule_id)))
        GROUP BY alert_id
    ) AS c ON c.alert_id = a.alert_id
    WHERE (state IN ('upheld', 'escalated') OR (state = 'closed' AND c.last_event IN ('accept_feedback', 'close')))
    UNION ALL
    SELECT lower(hex(sipHash128('referral', 'order_overdue', id, toString(round)))), 'order_overdue', toString(org_code), toString(region_code), '', id, alerts, [concat('order//', id)]
    FROM work_items FINAL
    WHERE kind = 'order' AND state IN ('issued', 'signed', 'in_progress', 'returned') AND final_due_at < {now:DateTime64(3,'UTC')}
        AND count_wd(local_day(assumeNotNull(final_due_at)), local_day({now:DateTime64(3,'UTC')})) > {over_days:UInt16}
)
WHERE trimBoth(org_code) != '' AND id NOT IN (SELECT id FROM work_items WHERE kind = 'referral')
ORDER BY id
