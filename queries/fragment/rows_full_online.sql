-- Cases behind C08: finished in the period; the numerator those applied for
-- online, without a visit, and delivered online or by post. How a case was
-- delivered is in its last fact of delivery.
-- include: rows_finished, facts_in_force_cases
SELECT
    f.* REPLACE (
        is_online AND visits = 0 AND isNotNull(delivered_at)
            AND method IN ('post', 'electronic', 'online', 'web', 'app', 'mini_program') AS in_numerator)
FROM ({{rows_finished}}) AS f
ANY LEFT JOIN
(
    SELECT source_sys AS delivered_sys, case_no AS delivered_no,
        argMax(JSONExtractString(payload, 'method'), (occurred_at, seq, event_id)) AS method
    FROM ({{facts_in_force_cases}})
    WHERE event_type = 'deliver' AND ({source:String} = '' OR source_sys = {source:String})
    GROUP BY source_sys, case_no
) AS d ON d.delivered_sys = f.source_sys AND d.delivered_no = f.case_no
WHERE excluded != 'incomplete'
