-- What may be bent to look good, one row per indicator, organisation and subject (or
-- rating) that could have been: flagged where it was, why says how. Subjects count in
-- the period of the deciding fact, as known at as_of. An alert of the rule behind an
-- indicator that was not taken back flags its subject too.
--   retro_entry      R-PRC-03  finished cases, automatic ones left out; acceptance and finish both pushed more than 24 h late, or, with a promise of at least a day, everything from acceptance to finish within a minute
--   off_system       R-PRC-04  cases with a result; no application and no acceptance
--   terminate_due    R-PRC-06  cases finished, or ended by the department; ended by it within 1 working day of the promised due
--   suspension       R-PRC-05  cases suspended; no basis given, begun on the last working day before the due, or more than two
--   ping_pong        R-HOT-03  tickets dispatched to the organisation; returned at least twice, at least once by it
--   default_rating   R-SAT-04  ratings; filled in by the system
--   five_star_fast   R-SAT-04  valid ratings with a known service instant; 5 stars within 2 s of it
--   rewrite          R-DAT-05  cases and tickets with facts; a fact came again with other content
-- include: workdays, legible, instant_until
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: source String ? = source system; empty = all
WITH
    {{workdays}},
    {{legible}},
    t -> t >= {from:DateTime64(3,'UTC')} AND t < {{instant_until}} AS in_period,
    (SELECT groupUniqArray((toString(rule_id), toString(source_sys), subject_no)) FROM alerts FINAL
        WHERE rule_id IN ('R-PRC-03', 'R-PRC-04', 'R-PRC-05', 'R-PRC-06', 'R-HOT-03', 'R-DAT-05')
            AND state NOT IN ('revoked', 'cancelled') AND raised_at <= {as_of:DateTime64(3,'UTC')}) AS alerted
SELECT x.1 AS indicator, x.2 AS org_code, kind, source_sys, subject_no, x.3 AS at, notEmpty(x.4) AS flagged, arrayStringConcat(x.4, ',') AS why, region_code, task_code
FROM
(
    WITH
        arrayFilter(f -> f.2 <= {as_of:DateTime64(3,'UTC')}, arrayZip(f_type, f_at, f_pushed_at, f_payload)) AS facts,
        rule -> if(has(alerted, (rule, toString(source_sys), case_no)), ['alert'], CAST([], 'Array(String)')) AS by_alert,
        (name, holds) -> if(holds, [name], CAST([], 'Array(String)')) AS reason,
        t -> h_promise_due[arrayCount(y -> y < t, h_at)] AS due_before,
        if(empty(org_code), toString(handle_org), toString(org_code)) AS org_of,
        arrayFirst(f -> f.1 = 'accept', facts) AS accepted,
        arrayFirst(f -> f.1 IN ('finish', 'deemed_consent'), facts) AS finished,
        arrayFirst(f -> f.1 IN ('finish', 'deliver', 'decide'), facts) AS result,
        arrayFirst(f -> f.1 = 'terminate' AND JSONExtractString(f.4, 'actor') != 'applicant', facts) AS terminated,
        arrayFilter(f -> f.1 = 'suspend_start', facts) AS pauses,
        arrayMap(f -> f.2, arrayFilter(f -> f.1 IN ('accept', 'step_start', 'step_end', 'decide', 'finish'), facts)) AS worked,
        arrayFirst((l, k) -> k = 'K3', k_limit, k_clock) AS promised
    SELECT
        'case' AS kind, source_sys, case_no AS subject_no, toString(region_code) AS region_code, toString(task_code) AS task_code,
        arrayJoin(arrayConcat(
            if(finished.1 != '' AND in_period(finished.2) AND channel != 'auto', [('retro_entry', org_of, finished.2, arrayConcat(
                reason('pushed_late', ifNull(accepted.3 > addDays(accepted.2, 1), false) AND ifNull(finished.3 > addDays(finished.2, 1), false)),
                reason('within_minute', ifNull(promised >= 1, false) AND accepted.1 != '' AND length(worked) > 1 AND dateDiff('millisecond', arrayMin(worked), arrayMax(worked)) <= 60000),
                by_alert('R-PRC-03')))], []),
            if(result.1 != '' AND in_period(result.2), [('off_system', org_of, result.2, arrayConcat(
                reason('no_case', NOT arrayExists(f -> f.1 IN ('apply', 'accept'), facts)), by_alert('R-PRC-04')))], []),
            if(terminated.1 != '' AND in_period(terminated.2) OR finished.1 != '' AND in_period(finished.2), [('terminate_due', org_of, if(terminated.1 != '', terminated.2, finished.2), arrayConcat(
                reason('near_due', terminated.1 != '' AND isNotNull(due_before(terminated.2))
                    AND count_wd(local_day(terminated.2), local_day(assumeNotNull(due_before(terminated.2)))) <= 1
                    AND count_wd(local_day(assumeNotNull(due_before(terminated.2))), local_day(terminated.2)) <= 1),
                by_alert('R-PRC-06')))], []),
            if(arrayExists(f -> in_period(f.2), pauses), [('suspension', org_of, arrayFirst(f -> in_period(f.2), pauses).2, arrayConcat(
                reason('no_basis', arrayExists(f -> NOT legible(JSONExtractString(f.4, 'basis')), pauses)),
                reason('last_day', arrayExists(f -> isNotNull(due_before(f.2)) AND f.2 <= assumeNotNull(due_before(f.2)) AND count_wd(local_day(f.2), local_day(assumeNotNull(due_before(f.2)))) <= 1, pauses)),
                reason('more_than_two', length(pauses) > 2),
                by_alert('R-PRC-05')))], []),
            if(arrayExists(f -> in_period(f.2), facts), [('rewrite', org_of, facts[-1].2, arrayConcat(reason('other_content', conflict), by_alert('R-DAT-05')))], []))) AS x
    FROM cases FINAL
    WHERE first_at <= {as_of:DateTime64(3,'UTC')} AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND ({source:String} = '' OR source_sys = {source:String})
    UNION ALL
    WITH
        arrayFilter(f -> f.2 <= {as_of:DateTime64(3,'UTC')}, arrayZip(f_type, f_at, f_org)) AS facts,
        rule -> if(has(alerted, (rule, toString(source_sys), ticket_no)), ['alert'], CAST([], 'Array(String)')) AS by_alert,
        (name, holds) -> if(holds, [name], CAST([], 'Array(String)')) AS reason,
        arrayFilter(f -> f.1 = 't_return', facts) AS returns
    SELECT
        'ticket', source_sys, ticket_no, toString(region_code), toString(ticket_topic),
        arrayJoin(arrayConcat(
            arrayMap(o -> ('ping_pong', o, arrayLast(f -> f.1 IN ('t_dispatch', 't_redispatch') AND f.3 = o, facts).2, arrayConcat(
                reason('returned_twice', length(returns) >= 2 AND arrayExists(f -> f.3 = o, returns)), by_alert('R-HOT-03'))),
                arrayDistinct(arrayMap(f -> toString(f.3), arrayFilter(f -> f.1 IN ('t_dispatch', 't_redispatch') AND f.3 != '' AND in_period(f.2), facts)))),
            if(arrayExists(f -> in_period(f.2), facts), [('rewrite', toString(org_code), facts[-1].2, arrayConcat(reason('other_content', conflict), by_alert('R-DAT-05')))], []))) AS x
    FROM tickets FINAL
    WHERE first_at <= {as_of:DateTime64(3,'UTC')} AND NOT is_test AND NOT secret AND h_excluded[-1] != 'void' AND ({source:String} = '' OR source_sys = {source:String})
    UNION ALL
    SELECT
        subject_kind, subject_sys, s.subject_no, if(s.region_code = '', c.place, s.region_code), s.task_code,
        arrayJoin(arrayConcat(
            [('default_rating', if(s.org = '', c.answers, s.org), rated_at, if(status = 'default', ['default'], CAST([], 'Array(String)')))],
            if(status = 'valid' AND isNotNull(served_at), [('five_star_fast', if(s.org = '', c.answers, s.org), rated_at,
                if(level = 5 AND dateDiff('millisecond', assumeNotNull(served_at), rated_at) BETWEEN 0 AND 2000, ['within_2_s'], CAST([], 'Array(String)')))], []))) AS x
    FROM
    (
        SELECT subject_kind, subject_sys, subject_no, toString(r_region_code_) AS region_code, toString(r_task_code_) AS task_code, toString(r_org_code_) AS org, rated_at, served_at, level, status
        FROM rating_states FINAL
        ARRAY JOIN r_rated_at AS rated_at, r_served_at AS served_at, r_level AS level, r_status AS status, r_from AS counts_from, r_until AS counts_until,
            r_org_code AS r_org_code_, r_region_code AS r_region_code_, r_task_code AS r_task_code_
        WHERE counts_from <= {as_of:DateTime64(3,'UTC')} AND {as_of:DateTime64(3,'UTC')} < counts_until AND in_period(rated_at)
            AND subject_kind IN ('case', 'ticket') AND status NOT IN ('excluded', 'follow_up')
            AND ({source:String} = '' OR subject_sys = {source:String})
    ) AS s
    LEFT JOIN
    (
        SELECT 'case' AS k, source_sys AS sys, case_no AS no, toString(org_code) AS answers, toString(region_code) AS place FROM cases FINAL
        UNION ALL
        SELECT 'ticket', source_sys, ticket_no, toString(org_code), toString(region_code) FROM tickets FINAL
    ) AS c ON c.k = s.subject_kind AND c.sys = s.subject_sys AND c.no = s.subject_no
)
WHERE org_code != ''
