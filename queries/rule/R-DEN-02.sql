-- purpose: Denial without reason: reason, legal basis or notice of remedies is missing.
-- grain: one row per case, and per reopening, with such a refusal
-- include: rounds, refusals, legible, case_subjects
-- source: domain guide 6.2, R-DEN-02; Licensing Law arts. 32 and 38
-- Refusals are those of R-DEN-01. What a decision says counts for the finish that
-- only repeats it, and the other way round: of all refusals up to a reopening
-- each of the three has to be given once. Reason and legal basis: text that is not blank;
-- remedy notice: true. The law wants all three, so what is not given is missing.
SELECT
    source_sys, case_no AS subject_no, no AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'red')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('missing', arrayStringConcat(missing, ', '), 'event', toString(f_type[i]), 'event_id', f_event_id[i]) AS evidence
FROM
(
    WITH
    {{refusals}},
    {{legible}}
    SELECT *, round_no(refusal.1) AS no, refusal.2[1] AS i,
        arrayFilter(r -> r != '', [
            if(arrayExists(x -> legible(JSONExtractString(f_payload[x], 'reason')), refusal.2), '', 'reason'),
            if(arrayExists(x -> legible(JSONExtractString(f_payload[x], 'legal_basis')), refusal.2), '', 'legal_basis'),
            if(arrayExists(x -> JSONExtractBool(f_payload[x], 'remedy_notice'), refusal.2), '', 'remedy_notice')]) AS missing
    FROM ({{case_subjects}})
    ARRAY JOIN refusals AS refusal
    -- A process of the source's own (limit_regime source) is no licensing procedure.
    WHERE NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload)
)
WHERE notEmpty(missing)
