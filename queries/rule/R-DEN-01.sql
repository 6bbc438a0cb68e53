-- purpose: Denial not filed: a refusal was not reported to the superior within the limit.
-- grain: one row per case, and per reopening, whose refusal was, or will be, filed late or not at all
-- include: legible, workdays, rule_steps, rounds, refusals, case_subjects
-- param: limit_days UInt16 = working days for the filing
-- source: domain guide 6.2, R-DEN-01; 1.4 (denial filing)
-- A refusal is not_accept, or a decision or finish with result denied; the first
-- one starts the limit, and what any of them says about the filing counts; a refusal
-- after a reopening is one of its own. Filed: filed_at is given, or only a reference (denial_filing), which
-- then was filed with the refusal. Neither is given: not filed. The due is the end
-- of the limit-th working day after the day of the refusal.
WITH
{{workdays}},
{{rule_steps}}
SELECT
    source_sys, case_no AS subject_no, no AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(after(sure_due), 'yellow')] AS steps,
    toNullable(filing_due) AS due_at,
    map('event', toString(f_type[i]), 'denied_at', toString(f_at[i]), 'filed_at', if(notEmpty(filings), toString(filed_at), ''), 'event_id', f_event_id[i],
        'calendar', calendar_version, 'calendar_provisional', toString(sure_due != filing_due)) AS evidence
FROM
(
    WITH
    {{workdays}},
    {{rule_steps}}
    SELECT *, add_wd(local_day(f_at[i]), {limit_days:UInt16}) AS due_day, day_end(due_day) AS filing_due, surely(local_day(f_at[i]), due_day, filing_due) AS sure_due, arrayMin(filings) AS filed_at
    FROM
    (
        WITH
        {{refusals}},
        {{legible}}
        SELECT *, round_no(refusal.1) AS no, refusal.2[1] AS i,
            arrayMap(x -> assumeNotNull(ifNull(toTimeZone(parseDateTime64BestEffortOrNull(JSONExtractString(f_payload[x], 'filed_at'), 3, 'Asia/Shanghai'), 'UTC'), f_at[x])),
                arrayFilter(x -> JSONExtractString(f_payload[x], 'filed_at') != '' OR legible(JSONExtractString(f_payload[x], 'denial_filing')), refusal.2)) AS filings
        FROM ({{case_subjects}})
        ARRAY JOIN refusals AS refusal
        -- A process of the source's own (limit_regime source) is no licensing procedure.
        WHERE NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload)
    )
)
WHERE sure_due < forever AND (empty(filings) OR filed_at > sure_due)
