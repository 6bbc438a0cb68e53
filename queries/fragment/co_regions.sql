-- The divisions of the organisations that stand beside the lead of an order, to be put into
-- a WITH clause: as the directory has them, else the division of the lead.
-- co_regions_of(orgs, lead): one for each of orgs
(
    SELECT CAST((groupArray(org), groupArray(region)), 'Map(String, String)')
    FROM
    (
        SELECT toString(org_code) AS org, argMax(toString(region_code), (valid_from, revision, precedence)) AS region
        FROM organisations
        WHERE org_code IN (SELECT arrayJoin(co_orgs) FROM work_items)
        GROUP BY org_code
    )
) AS regions_of_orgs,
(orgs, lead) -> arrayMap(o -> if(regions_of_orgs[o] = '', lead, regions_of_orgs[o]), orgs) AS co_regions_of
