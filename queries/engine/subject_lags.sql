-- purpose: Ask of alerts that facts would take back how late those came, and whether any of them rewrites what was told before.
-- grain: one row per alert
-- include: retold_cases, retold_tickets
-- param: alerts Array(String) = alerts that may have to be taken back
-- param: kinds Array(String) = case or ticket, what each is about
-- param: sources Array(String) = source system of each
-- param: numbers Array(String) = number of each
-- param: said Array(DateTime64(3,'UTC')) = when each was announced
-- param: severe Array(DateTime64(3,'UTC')) = from when its severity holds, which is when what was due was over
-- param: until DateTime64(3,'UTC') = up to when alerts were announced before: what had arrived a quarter of an hour before that took nothing back, and explains nothing now
-- param: ends Array(String) = types of event that end its clock, joined by commas (taken_back_by of its rule)
-- param: moves Array(String) = types that move its due; any for all
-- param: granted Array(String) = of these, decisions that count when they come after the due
-- param: parts Array(UInt16) = whether events of sub-cases do so too
-- column: alert_id String = the alert; one about which nothing arrived since is rewritten
-- column: lag_ms Int64 = the latest of the facts that explain it: from its legal moment to its sending or arrival, whichever is later; of history from its announcement to the arrival
-- column: rewritten Bool = one of them rewrites what was told before, or none of them explains that the alert is taken back
-- column: facts Array(String) = type and event_id of up to five of them, those that rewrite first
-- source: domain guide 2.6: ingest − event, back-dating; docs/supervision.md section 1
-- Closed by default: an alert is taken back by itself only by events of the types that its rule names, that are about the
-- time before the due and told for the first time. New is what arrived after the due, or within the minute before the
-- announcement, which may not have been folded by then; deliveries are asked, not states, since what a revision made of a fact may be
-- in none. What arrived after the due and rewrites:
--   * a void, an amend, or another revision of a fact, whenever it says that it was made;
--   * an event told anew at a better time, or that says test or secret;
--   * an event that the rule names, once a late end was told, or a late event of its kind: that confirmed the alert;
--   * an event that moves or stops the clock (moves of the rule, but any), also of before the due: the 24 hours are an
--     end's that is told late (2.6); what was asked for in time and granted is the decision of others (granted);
--   * an event from after the due that the rule does not name, unless it can move no clock then; one from before it neither
--     takes back nor hinders, and its lateness counts;
--   * what says what kind of subject it is (joint, a part, limits of its own, another item or kind of ticket) up to the
--     acceptance, unless it is the first application or acceptance;
--   * what makes a case a sub-case or none (named, accepted, ended, reopened): of the joint case;
--   * of history, which is a subject that arrived more than a day after the due as a whole, all but what goes on towards
--     its end: what stops, moves or takes it out was due to be told then. For the rest the lateness of each fact says nothing,
--     as the load follows upon the announcement.
WITH
-- a correction may have moved since when a card holds: what was told after it was first announced rewrites
carded AS
(
    SELECT alert_id AS card, min(effective_at) AS first_at
    FROM alert_events FINAL
    PREWHERE alert_id IN {alerts:Array(String)}
    WHERE event IN ('raised', 'upgraded') AND severity IN ('yellow', 'red')
    GROUP BY alert_id
),
asked AS
(
    SELECT a.1 AS alert_id, a.2 AS kind, a.3 AS source, a.4 AS number, a.5 AS said, a.6 AS severe,
        if(c.first_at = toDateTime64(0, 3, 'UTC'), a.6, least(a.6, c.first_at)) AS carded_at,
        splitByChar(',', a.7) AS rule_ends, splitByChar(',', a.8) AS rule_moves, splitByChar(',', a.9) AS rule_granted, toBool(a.10) AS parts,
        a.8 = 'any' AS by_any
    FROM (SELECT arrayJoin(arrayZip({alerts:Array(String)}, {kinds:Array(String)}, {sources:Array(String)}, {numbers:Array(String)}, {said:Array(DateTime64(3,'UTC'))},
        {severe:Array(DateTime64(3,'UTC'))}, {ends:Array(String)}, {moves:Array(String)}, {granted:Array(String)}, {parts:Array(UInt16)})) AS a) AS b
    LEFT JOIN carded AS c ON c.card = b.a.1
),
wanted AS
(
    SELECT *, true AS own FROM asked
    UNION ALL
    SELECT a.* REPLACE(l.case_no AS number), false
    FROM asked AS a
    INNER JOIN (SELECT DISTINCT toString(source_sys) AS of_source, parent_case_no, case_no FROM case_links WHERE (source_sys, parent_case_no) IN (SELECT source, number FROM asked WHERE kind = 'case')) AS l
        ON l.of_source = a.source AND l.parent_case_no = a.number
    WHERE a.kind = 'case'
),
told AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, toString(event_type) AS event_type, event_id, occurred_at, emitted_at, received_at, `offset`, payload,
        arrayFilter(x -> NOT endsWith(x, '='), [concat('task=', task_code), concat('version=', task_version)]) AS defines
    FROM case_events FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, toString(event_type), event_id, occurred_at, emitted_at, received_at, `offset`, payload,
        arrayFilter(x -> NOT endsWith(x, '='), [concat('kind=', kind)])
    FROM ticket_events FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')
),
-- what the life cycle does not allow moves nothing, whatever its type
illegal AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, arrayJoin(arrayFilter((e, legal) -> NOT legal, f_event_id, f_legal)) AS event_id
    FROM cases FINAL
    PREWHERE (source_sys, case_no) IN (SELECT source, number FROM wanted WHERE kind = 'case')
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, arrayJoin(arrayFilter((e, legal) -> NOT legal, f_event_id, f_legal))
    FROM tickets FINAL
    PREWHERE (source_sys, ticket_no) IN (SELECT source, number FROM wanted WHERE kind = 'ticket')
),
retold AS
(
    SELECT 'case' AS kind, toString(source_sys) AS source, case_no AS number, event_type, event_id, at
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS case_no FROM wanted WHERE kind = 'case') SELECT * FROM ({{retold_cases}}))
    UNION ALL
    SELECT 'ticket', toString(source_sys), ticket_no, event_type, event_id, at
    FROM (WITH retold_of AS (SELECT source AS source_sys, number AS ticket_no FROM wanted WHERE kind = 'ticket') SELECT * FROM ({{retold_tickets}}))
)
SELECT
    alert_id, toInt64(maxIf(greatest(late, 0), explains OR beside)) AS lag_ms, toBool(max(rewrites) OR countIf(explains) = 0) AS rewritten,
    arraySlice(arrayDistinct(arrayMap(x -> x.2, arraySort(groupArray(((NOT rewrites, NOT explains, received_at), concat(event_type, ' ', event_id)))))), 1, 5) AS facts
FROM
(
    SELECT
        alert_id, received_at, event_type, event_id,
        if(history, dateDiff('millisecond', said, received_at), dateDiff('millisecond', occurred_at, greatest(received_at, emitted_at))) AS late,
        named AND (kind, source, number, event_id) NOT IN (SELECT kind, source, number, event_id FROM illegal) AND received_at > subtractMinutes({until:DateTime64(3,'UTC')}, 15) AND (in_time OR has(rule_granted, event_type) AND asked_in_time) AS explains,
        -- in time and not of the rule, it may be what makes another one count: its lateness counts too
        in_time AND NOT moves_nothing AND (own OR parts) AND NOT explains AS beside,
        received_at >= carded_at AND multiIf(
            event_type IN ('void', 'amend', 't_void', 't_amend') OR revised OR match(payload, '"(is_test|secret)":true') OR own AND makes, true,
            NOT own AND (event_type = 'accept' OR match(payload, '"parent_case_no":') OR event_type IN ('not_accept', 'withdraw', 'terminate', 'reopen') AND NOT (in_time AND parts)), true,
            -- a part that had ended is none that goes on, whatever is said of the time before it
            NOT own AND NOT parts AND event_type IN ('decide', 'finish', 'deemed_consent'), in_time,
            NOT own AND NOT parts, false,
            history AND NOT goes_on, true,
            explains AND moving AND NOT history, true,
            explains OR beside, confirmed,
            named, by_any,
            NOT moves_nothing AND NOT history) AS rewrites
    FROM
    (
        SELECT *,
            -- what kind of subject it is, its beginning says: the first application and acceptance, receipt and dispatch
            (kind = 'ticket' OR ifNull(occurred_at <= accepted_at, true)) AND NOT (event_type IN ('apply', 'accept', 't_receive', 't_dispatch') AND NOT again_of_kind)
                AND (match(payload, '"(limit_regime|project_type|parent_case_no)":') OR NOT hasAll(defined, defines) OR notEmpty(defines) AND length(defined) > length(arrayDistinct(arrayMap(x -> splitByChar('=', x)[1], defined)))) AS makes,
            NOT by_any AND NOT has(rule_ends, event_type) AND has(rule_moves, event_type) AND NOT (has(rule_granted, event_type) AND asked_in_time) AS moving,
            NOT by_any AND ends_late < came OR step_late < came OR event_type != 't_process' AND kind_late < came AS confirmed,
            moves_nothing OR result OR event_type IN ('apply', 'accept', 'prereview_pass', 'prereview_reject', 'correction_notice', 'correction_submit', 'deliver', 'transfer',
                'step_start', 'step_end', 'fee_paid', 't_receive', 't_dispatch', 't_sign', 't_process', 't_escalate') AS goes_on
        FROM
        (
            SELECT w.*, f.event_type AS event_type, f.event_id AS event_id, f.occurred_at AS occurred_at, f.emitted_at AS emitted_at, f.received_at AS received_at,
                f.payload AS payload, f.defines AS defines, (f.received_at, f.`offset`) AS came, f.occurred_at <= w.severe AS in_time,
                (toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), toUInt64(0)) AS never,
                (w.own OR w.parts) AND (w.by_any OR has(w.rule_ends, f.event_type) OR has(w.rule_moves, f.event_type)) AS named,
                ifNull(min(if(w.own OR w.parts, f.received_at, NULL)) OVER subject > addDays(w.carded_at, 1), false)
                    -- and not by what moved the due in hindsight: its first word was late itself
                    AND argMin(dateDiff('millisecond', f.occurred_at, f.received_at), if(w.own OR w.parts, came, never)) OVER subject > 86400000 AS history,
                came > min(came) OVER (PARTITION BY w.alert_id, f.number, f.event_id) AS revised,
                came > min(came) OVER (PARTITION BY w.alert_id, f.number, f.event_type) AS again_of_kind,
                f.event_type IN ('decide', 'finish', 'deemed_consent', 't_reply', 't_answer_direct', 't_close') AS result,
                -- what moves no clock and lets nothing else count, or, once the due is over, none but that of its own, which its rule names
                (w.own OR NOT in_time) AND NOT match(f.payload, '"(limit_regime|source_due_at|parent_case_no|project_code|project_type|item_type|urgent)":')
                    AND (f.event_type IN ('material', 'visit', 'activity', 't_note', 't_publish', 't_urge', 't_supervise')
                        OR NOT in_time AND f.event_type IN ('deliver', 'transfer', 'fee_paid', 'suspend_end', 't_visit', 't_sign', 't_process', 't_escalate')
                        OR NOT in_time AND f.event_type IN ('step_start', 'step_end') AND NOT w.by_any AND NOT has(w.rule_ends, 'step_end')) AS moves_nothing,
                -- a decision about what was asked for in time
                countIf(in_time AND f.event_type IN ('t_extend_request', 't_return')) OVER numbered > 0 AS asked_in_time,
                -- when the first late end was told, of a step the first of that step, and the first late event of the kind
                min(if(NOT in_time AND (result OR f.event_type IN ('not_accept', 'withdraw', 'terminate', 't_return', 't_invalid', 't_merge')
                    OR has(w.rule_ends, f.event_type) AND f.event_type != 'step_end'), came, never)) OVER numbered AS ends_late,
                min(if(NOT in_time AND f.event_type = 'step_end' AND has(w.rule_ends, 'step_end'), came, never)) OVER numbered AS any_step_late,
                min(if(NOT in_time AND f.event_type = 'step_end', came, never)) OVER (PARTITION BY w.alert_id, if(w.parts, '', f.number),
                    f.event_type = 'step_end', JSONExtractString(f.payload, 'step_code')) AS same_step_late,
                if(f.event_type = 'step_end', same_step_late, any_step_late) AS step_late,
                min(if(f.occurred_at >= w.severe, came, never)) OVER (PARTITION BY w.alert_id, f.number, multiIf(result, 'result', f.event_type = 'step_end', f.event_id, f.event_type)) AS kind_late,
                min(if(w.own AND f.event_type = 'accept', f.occurred_at, NULL)) OVER subject AS accepted_at,
                groupUniqArrayArrayIf(f.defines, w.own AND f.received_at <= w.said) OVER subject AS defined,
                -- of history what came before the announcement was folded by then, but for an engine that was behind
                if(history, subtractMinutes(w.said, 15), least(w.carded_at, subtractMinutes(w.said, 1))) AS since
            FROM wanted AS w
            INNER JOIN told AS f ON f.kind = w.kind AND f.source = w.source AND f.number = w.number
            WINDOW subject AS (PARTITION BY w.alert_id), numbered AS (PARTITION BY w.alert_id, if(w.parts, '', f.number))
        )
    )
    WHERE received_at > since
    UNION ALL
    SELECT w.alert_id, r.at, r.event_type, r.event_id, 0, false, false, true
    FROM wanted AS w
    INNER JOIN retold AS r ON r.kind = w.kind AND r.source = w.source AND r.number = w.number
    WHERE r.at > subtractMinutes(least(w.said, w.severe), 1)
)
GROUP BY alert_id
