-- How many cases each organisation was applied to for on each local day, from some weeks before the days asked about;
-- days without a case are left out.
-- include: workdays, joint_parents_known
-- param: from DateTime64(3,'UTC') = beginning of the first day asked about
-- param: until DateTime64(3,'UTC') = end of the last one
-- param: weeks UInt16 = weeks that are looked back
WITH
{{workdays}}
SELECT toString(org_code) AS org, any(toString(region_code)) AS region, local_day(assumeNotNull(h_applied_at[-1])) AS day, toInt64(count()) AS cases
FROM (SELECT * FROM cases FINAL) AS c
LEFT JOIN ({{joint_parents_known}}) AS p ON p.parent_sys = c.source_sys AND p.parent_no = c.case_no
WHERE NOT is_test AND h_excluded[-1] != 'void' AND org_code != ''
    AND (parent_no = '' OR head_since > day_end(day))
    AND h_applied_at[-1] >= subtractDays({from:DateTime64(3,'UTC')}, 7 * {weeks:UInt16}) AND h_applied_at[-1] < {until:DateTime64(3,'UTC')}
GROUP BY org, day
