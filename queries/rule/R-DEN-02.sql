-- purpose: Denial without reason: reason, legal basis or notice of remedies is missing.
-- grain: one row per case with such a refusal
-- include: case_subjects
-- source: domain guide 6.2, R-DEN-02; Licensing Law arts. 32 and 38
-- Refusals are those of R-DEN-01. What a decision says counts for the finish that
-- only repeats it, and the other way round: of all refusals of a case each of the
-- three has to be given once. Reason and legal basis: text that is not blank;
-- remedy notice: true. The law wants all three, so what is not given is missing.
WITH
arrayFilter((x, k, p) -> k = 'not_accept' OR k IN ('decide', 'finish') AND JSONExtractString(p, 'result_type') = 'denied', arrayEnumerate(f_type), f_type, f_payload) AS denials,
denials[1] AS i,
arrayFilter(r -> r != '', [
    if(arrayExists(x -> trimBoth(JSONExtractString(f_payload[x], 'reason')) != '', denials), '', 'reason'),
    if(arrayExists(x -> trimBoth(JSONExtractString(f_payload[x], 'legal_basis')) != '', denials), '', 'legal_basis'),
    if(arrayExists(x -> JSONExtractBool(f_payload[x], 'remedy_notice'), denials), '', 'remedy_notice')]) AS missing
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(f_at[i], 'red')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('missing', arrayStringConcat(missing, ', '), 'event', toString(f_type[i]), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
-- A process of the source's own (limit_regime source) is no licensing procedure.
WHERE NOT arrayExists(p -> JSONExtractString(p, 'limit_regime') = 'source', f_payload) AND notEmpty(denials) AND notEmpty(missing)
