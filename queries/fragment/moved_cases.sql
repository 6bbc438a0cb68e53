-- Cases accepted in the period, with where they were taken in and where they are handled:
-- the organisation after the last transfer by as_of, and the division and level of both in
-- the directory.
-- include: rows_accepted
SELECT r.*, taken.org_region AS taken_region, taken.org_level AS taken_level, handled.org_region AS handled_region, handled.org_level AS handled_level
FROM
(
    SELECT *, if(accept_org = '', toString(org_code), toString(accept_org)) AS taken_org,
        arrayLast(o -> o != '', arrayConcat([toString(org_code)], arrayMap((t, at, p) -> if(t = 'transfer' AND at <= {as_of:DateTime64(3,'UTC')}, JSONExtractString(p, 'to_org'), ''), f_type, f_at, f_payload))) AS handled_org
    FROM ({{rows_accepted}})
    WHERE excluded != 'incomplete'
) AS r
ANY LEFT JOIN (SELECT org_code AS of_taken, argMax(toString(region_code), (valid_from, revision, precedence)) AS org_region, argMax(gov_level, (valid_from, revision, precedence)) AS org_level FROM organisations GROUP BY of_taken) AS taken ON taken.of_taken = r.taken_org
ANY LEFT JOIN (SELECT org_code AS of_handled, argMax(toString(region_code), (valid_from, revision, precedence)) AS org_region, argMax(gov_level, (valid_from, revision, precedence)) AS org_level FROM organisations GROUP BY of_handled) AS handled ON handled.of_handled = r.handled_org
