-- Everything that waits for one person: per state, the tasks that the role has
-- (task_keys and task_names, in step), on alerts and work of the scope. due_at is
-- until when it should be done; null where nothing sets a limit.
-- include: alerts_as_of, work_as_of, workdays
-- param: task_keys Array(String) = kind/state …
-- param: task_names Array(String) = … and what is to be done in it
-- param: co_reply Bool ? = answers as an organisation beside the lead too
-- param: own_orgs Array(String) ? = organisations that the person acts for; empty = not bound to any
-- param: may_extend Bool ? = decides on extensions of orders
-- param: person String ? = leaves out what is assigned to others; empty = assigned or not
-- param: alert_category String ? = only alerts of this category; empty = all
-- param: order_origin String ? = only orders that came from there; empty = all
-- param: decide_days UInt8 = working days to decide on an appeal
SELECT kind, id, seq, task, severity, rank, level, stars, rule_id, subject_kind, source_sys, subject_no, about_secret, title, subjects, org_code, region_code, state, assignee, since, due_at,
    ifNull(due_at < {as_of:DateTime64(3,'UTC')}, false) AS overdue
FROM
(
    WITH {{workdays}}
    SELECT 'alert' AS kind, a.alert_id AS id, a.seq AS seq,
        if(a.state = 'escalated' AND a.alert_id IN (SELECT arrayJoin(alerts) FROM ({{work_as_of}}) WHERE kind = 'order' AND NOT ended), '',
            transform(concat('alert/', a.state), {task_keys:Array(String)}, {task_names:Array(String)}, '')) AS task,
        toString(a.severity) AS severity, a.rank AS rank, '' AS level, toUInt64(0) AS stars, toString(a.rule_id) AS rule_id, toString(a.subject_kind) AS subject_kind, toString(a.source_sys) AS source_sys,
        a.subject_no AS subject_no, a.about_secret AS about_secret, '' AS title, CAST([], 'Array(String)') AS subjects, toString(a.org_code) AS org_code, toString(a.region_code) AS region_code,
        toString(a.state) AS state, toString(a.assignee) AS assignee, a.last_at AS since,
        multiIf(
            a.state = 'appealed' AND notEmpty(wd_days), toNullable(day_end(add_wd(local_day(p.appealed_at), {decide_days:UInt8}))),
            a.state IN ('issued', 'acked', 'upheld'), a.feedback_due,
            NULL) AS due_at
    FROM ({{alerts_as_of}}) AS a
    LEFT JOIN
    (
        SELECT alert_id, max(effective_at) AS appealed_at
        FROM alert_events FINAL
        WHERE event = 'appeal' AND effective_at <= {as_of:DateTime64(3,'UTC')}
        GROUP BY alert_id
    ) AS p ON p.alert_id = a.alert_id
    WHERE NOT a.ended AND ({alert_category:String} = '' OR a.category = {alert_category:String})

    UNION ALL

    SELECT kind, id, seq,
        arrayJoin([
            if((empty({own_orgs:Array(String)}) OR has({own_orgs:Array(String)}, org_code)) AND (kind != 'order' OR {order_origin:String} = '' OR origin = {order_origin:String}),
                transform(concat(kind, '/', state), {task_keys:Array(String)}, {task_names:Array(String)}, ''), ''),
            if({co_reply:Bool} AND kind = 'order' AND state IN ('issued', 'signed', 'in_progress', 'returned')
                AND arrayExists(o -> has({own_orgs:Array(String)}, o) AND NOT JSONHas(data, 'co_replies', o) AND NOT JSONHas(data, 'co_replies', {own_orgs:Array(String)}[1]), CAST(co_orgs, 'Array(String)')), 'order.co_reply', ''),
            if({may_extend:Bool} AND kind = 'order' AND NOT extended AND JSONHas(data, 'extension_requested') AND state IN ('signed', 'in_progress')
                AND ({order_origin:String} = '' OR origin = {order_origin:String}), 'order.extend', '')
        ]) AS task,
        '' AS severity, transform(level, ['key', 'leader'], [3, 4], 0) AS rank, toString(level) AS level, JSONExtractUInt(data, 'level') AS stars, '' AS rule_id, '' AS subject_kind, '' AS source_sys, '' AS subject_no, toBool(false) AS about_secret,
        title, subjects, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(state) AS state, toString(assignee) AS assignee,
        last_at AS since, due_at
    FROM ({{work_as_of}})
    WHERE NOT ended
)
WHERE task != '' AND ({person:String} = '' OR assignee IN ('', {person:String}))
