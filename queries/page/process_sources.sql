-- purpose: Which source systems send facts with an activity in a scope, so that a process can be drawn.
-- grain: one row per source system
-- param: as_of DateTime64(3,'UTC') = later facts do not count
-- param: org String ? = organisation that answers for the case or the ticket; empty = all
-- include: region_filter
-- column: subjects UInt64 = cases and tickets with at least one activity
-- column: activities UInt64 = facts with an activity
-- column: last_at DateTime64(3,'UTC') = latest fact of such a subject
-- source: domain guide 5.5
SELECT source_sys, count() AS subjects, sum(activities) AS activities, max(last_at) AS last_at
FROM
(
    SELECT source_sys, activities, last_at FROM cases FINAL WHERE activities > 0 AND first_at <= {as_of:DateTime64(3,'UTC')}
        AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
    UNION ALL
    SELECT source_sys, activities, last_at FROM tickets FINAL WHERE activities > 0 AND first_at <= {as_of:DateTime64(3,'UTC')}
        AND ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
)
GROUP BY source_sys
ORDER BY last_at DESC, source_sys
