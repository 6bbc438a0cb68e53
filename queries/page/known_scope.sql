-- purpose: What a question can be about: the source systems that sent anything, and whether an organisation and a division are known.
-- grain: one row per source system, and one for the organisation and the division if they are known
-- param: org String ? = organisation that is asked for
-- param: region String ? = division that is asked for
-- column: kind String = source, org or region
-- column: code String = its code
-- source: design section 6
SELECT DISTINCT kind, code
FROM
(
    SELECT 'source' AS kind, toString(source_sys) AS code FROM cases
    UNION ALL
    SELECT 'source', toString(source_sys) FROM tickets
    UNION ALL
    SELECT 'source', toString(arrayJoin(r_source_sys)) FROM rating_states
    UNION ALL
    SELECT 'org', toString(org_code) FROM organisations WHERE {org:String} != '' AND org_code = {org:String}
    UNION ALL
    SELECT 'org', {org:String} FROM cases
    WHERE {org:String} != '' AND (org_code = {org:String} OR handle_org = {org:String})
    UNION ALL
    SELECT 'org', {org:String} FROM tickets WHERE {org:String} != '' AND has(h_org, {org:String})
    UNION ALL
    SELECT 'region', toString(region_code) FROM regions WHERE {region:String} != '' AND region_code = {region:String}
    UNION ALL
    SELECT 'region', {region:String} FROM cases WHERE {region:String} != '' AND region_code = {region:String}
    UNION ALL
    SELECT 'region', {region:String} FROM tickets WHERE {region:String} != '' AND region_code = {region:String}
)
ORDER BY kind, code
LIMIT 500
