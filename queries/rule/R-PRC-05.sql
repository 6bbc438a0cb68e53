-- purpose: Abuse of suspension: the first special procedure that must not be.
-- grain: one row per case with such a procedure
-- include: workdays, rule_steps, legible, case_subjects, item_payloads
-- param: near_days UInt16 = a procedure that starts with at most this many working days left is on the last day
-- param: max_days UInt16 = approved days beyond which a procedure takes nothing out of the clocks
-- param: max_procedures UInt16 = procedures that a case may have
-- source: domain guide 6.2, R-PRC-05; 1.3 (suspend_type); Licensing Law art. 45
-- A special procedure is abuse when its type is outside the list of the item
-- (payload suspend_types; no list, no judgement), it names no legal basis (basis
-- not given or blank), it has no approved days (domain guide 2.2 asks for them; it takes
-- none out of the clocks then) or more than max_days, it starts with at most near_days working days left to the
-- promised due in force before it, or after it, or it is one too many. A promise
-- of near_days or less has no other day, so the ground last_day is not for it.
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code,
    if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'yellow')] AS steps,
    dues[first_fault] AS due_at,
    map('reasons', arrayStringConcat(faults[first_fault], ', '), 'suspend_type', JSONExtractString(f_payload[i], 'suspend_type'), 'allowed_types', arrayStringConcat(types, ', '),
        'procedure_no', toString(first_fault), 'procedures', toString(length(procedures)), 'event_id', f_event_id[i], 'calendar', calendar_version, 'calendar_provisional', 'false') AS evidence
FROM
(
    SELECT *, arrayFirstIndex(r -> notEmpty(r), faults) AS first_fault, procedures[first_fault] AS i
    FROM
    (
        WITH
        {{workdays}},
        {{rule_steps}},
        {{legible}}
        SELECT *, arrayMap((x, n, due, start) -> arrayFilter(r -> r != '', [
            if(JSONType(item_payload, 'suspend_types') = 'Array' AND NOT has(types, JSONExtractString(f_payload[x], 'suspend_type')), 'type_not_of_item', ''),
            if(legible(JSONExtractString(f_payload[x], 'basis')), '', 'no_basis'),
            if(JSONExtractInt(f_payload[x], 'approved_days') <= 0, 'no_days', ''),
            if(JSONExtractInt(f_payload[x], 'approved_days') > {max_days:UInt16}, 'too_many_days', ''),
            if(isNotNull(due) AND isNotNull(start) AND published(local_day(assumeNotNull(start)), local_day(assumeNotNull(due)))
                AND count_wd(local_day(assumeNotNull(start)), local_day(assumeNotNull(due))) > {near_days:UInt16}
                AND count_wd(local_day(f_at[x]), local_day(assumeNotNull(due))) <= {near_days:UInt16}, 'last_day', ''),
            if(n > {max_procedures:UInt16}, 'too_many', '')]),
            procedures, arrayEnumerate(procedures), dues, starts) AS faults
        FROM
        (
            SELECT *, JSONExtract(item_payload, 'suspend_types', 'Array(String)') AS types,
                arrayMap(x -> arrayLast((due, at) -> at < f_at[x], h_promise_due, h_at), procedures) AS dues,
                arrayMap(x -> arrayLast((accepted, at) -> at < f_at[x], h_accepted_at, h_at), procedures) AS starts
            FROM
            (
                SELECT *, arrayFilter((x, k, legal) -> k = 'suspend_start' AND legal, arrayEnumerate(f_type), f_type, f_legal) AS procedures
                FROM ({{case_subjects}})
                WHERE h_excluded[-1] != 'incomplete' AND has(f_type, 'suspend_start')
            ) AS c
            LEFT JOIN ({{item_payloads}}) AS it ON c.task_code = it.item_code AND c.task_version = it.item_version
            WHERE notEmpty(procedures)
        )
    )
    WHERE first_fault > 0
)
