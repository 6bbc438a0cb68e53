-- purpose: Off-system handling: a certificate was issued or a result published with no case.
-- grain: one row per such case
-- include: case_subjects
-- source: domain guide 6.2, R-PRC-04; 2.6 (orphan)
-- No case: neither application nor acceptance is known. The fact with a certificate
-- (cert_token) or a publication (published_at) that arrived first gives the card; it is
-- held (hold of the rule) as long as an orphan waits for its beginning (domain
-- guide 2.6), and taken back when that comes. What counts is the arrival of the fact,
-- as in R-DAT-02: one that is sent late leaves its beginning the same time. Facts and
-- revisions that come later move nothing.
WITH
arrayMap((t, r) -> greatest(t, r), f_at, f_first_received_at) AS arrived,
arraySort(x -> (arrived[x], x), arrayFilter((x, k, p) -> k IN ('decide', 'finish', 'deliver') AND (JSONExtractString(p, 'cert_token') != '' OR JSONExtractString(p, 'published_at') != ''), arrayEnumerate(f_type), f_type, f_payload))[1] AS i
SELECT
    source_sys, case_no AS subject_no, '' AS clock_no, if(org_code = '', f_org[i], org_code) AS org_code, region_code, task_code, if(f_window[i] = '', window_id, f_window[i]) AS window_id, if(f_staff[i] = '', staff_id, f_staff[i]) AS staff_id,
    [(arrived[i], 'red')] AS steps,
    CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('event', toString(f_type[i]), 'event_at', toString(f_at[i]), 'certificate', toString(JSONExtractString(f_payload[i], 'cert_token') != ''), 'published', toString(JSONExtractString(f_payload[i], 'published_at') != ''), 'event_id', f_event_id[i]) AS evidence
FROM ({{case_subjects}})
WHERE h_excluded[-1] = 'incomplete' AND i > 0
