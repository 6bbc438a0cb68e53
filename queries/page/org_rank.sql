-- purpose: Where an organisation stands among its peers by on-time rate (D01).
-- grain: at most one row, that of the organisation; none when it has no case in the figure
-- dims: case
-- include: rows_stopped_or_overdue, org_peers
-- param: ranked_org String = the organisation whose place is asked for; peers are compared wherever they are
-- param: least_base UInt32 = cases that a rate needs to be ranked (C7)
-- column: numerator UInt64 = as of D01
-- column: denominator UInt64 = as of D01
-- column: peer_group String = line: same level and line; level: same level, where fewer than 5 others of the line have enough cases; none: fewer than 5 others in the level, not in the directory, or too few cases of its own
-- column: place UInt64 = rank in the group, equal rates share one and the next is skipped; 0 = not ranked
-- column: ranked UInt64 = ranked organisations of the group, itself included; 0 = no group
-- source: domain guide 5.1 C7, 5.5 D01, 7.3
WITH 5 AS least_peers
SELECT
    numerator, denominator,
    multiIf(NOT enough OR org_line = '', 'none', line_ranked > least_peers, 'line', level_ranked > least_peers, 'level', 'none') AS peer_group,
    multiIf(peer_group = 'line', line_place, peer_group = 'level', level_place, 0) AS place,
    multiIf(peer_group = 'line', line_ranked, peer_group = 'level', level_ranked, 0) AS ranked
FROM
(
    SELECT
        *,
        rank() OVER (PARTITION BY enough, gov_level, org_line ORDER BY value DESC) AS line_place,
        count() OVER (PARTITION BY enough, gov_level, org_line) AS line_ranked,
        rank() OVER (PARTITION BY enough, gov_level, org_line = '' ORDER BY value DESC) AS level_place,
        count() OVER (PARTITION BY enough, gov_level, org_line = '') AS level_ranked
    FROM
    (
        SELECT org_code, countIf(in_numerator) AS numerator, countIf(in_denominator) AS denominator, numerator / denominator AS value, denominator >= {least_base:UInt32} AS enough
        FROM ({{rows_stopped_or_overdue}})
        GROUP BY org_code
    ) AS f
    LEFT JOIN ({{org_peers}}) AS d ON d.peer_org = f.org_code
)
WHERE org_code = {ranked_org:String}
