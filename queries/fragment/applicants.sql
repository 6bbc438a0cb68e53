-- Who applied for what and when: cases that count, with the token of the applicant as
-- the application in force gives it, from a day before the period to a day after it.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: instant_until
SELECT source_sys, case_no, task_code, at, applicant
FROM
(
    SELECT source_sys, case_no, task_code, assumeNotNull(applied_at) AS at,
        if(JSONHas(body, 'applicant_token'), JSONExtractString(body, 'applicant_token'), JSONExtractString(body, 'applicant_id')) AS applicant
    FROM
    (
        SELECT source_sys, case_no, task_code, h_applied_at[arrayCount(x -> x <= {as_of:DateTime64(3,'UTC')}, h_at)] AS applied_at,
            f_payload[indexOf(f_type, 'apply')] AS body
        FROM cases FINAL
        WHERE task_code != '' AND NOT is_test AND h_excluded[-1] NOT IN ('void', 'secret')
    )
    WHERE isNotNull(applied_at) AND applied_at >= subtractDays(greatest({from:DateTime64(3,'UTC')}, toDateTime64('1970-01-02 00:00:00', 3, 'UTC')), 1) AND applied_at < addDays({{instant_until}}, 1)
)
WHERE applicant != ''
