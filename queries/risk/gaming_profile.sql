-- purpose: Anti-gaming profile: how often an organisation does what makes figures look good, beside its peers.
-- grain: one row per indicator and organisation that could have
-- include: gaming_rows, region_filter
-- param: region String ? = organisations of this division and below it; empty or 000000 = all. Peers are compared wherever they are
-- param: org String ? = organisation; empty = all
-- column: hits UInt64 = flagged subjects
-- column: base UInt64 = subjects that could have been
-- column: rate Float64 = hits / base
-- column: gov_level Int8 = of the organisation, -1 = not in the directory
-- column: org_line String = of the organisation
-- column: peer_group String = line: same level and line; level: same level, where fewer than 5 others share the line; none: fewer than 5 others in the level
-- column: peers UInt64 = other organisations of the group with a base of at least 5
-- column: median Nullable(Float64) = of the group's rates; null without peers
-- column: mad Nullable(Float64) = median absolute deviation of them from it
-- column: z Nullable(Float64) = (rate - median) / sqrt((1.4826 * mad)^2 + p (1 - p) / base), p the group's rate of all together (one half hit added, one subject): spread of the peers and chance of this base; null without peers or with a base below 5
-- source: docs/early-warning.md
WITH
    5 AS least_base,
    5 AS least_peers
SELECT
    indicator, org_code, region_code, hits, base, rate, toInt8(ifNull(level_, -1)) AS gov_level, org_line,
    multiIf(line_peers >= least_peers, 'line', level_peers >= least_peers, 'level', 'none') AS peer_group,
    multiIf(peer_group = 'line', line_peers, peer_group = 'level', level_peers, 0) AS peers,
    multiIf(peer_group = 'line', line_median, peer_group = 'level', level_median, NULL) AS median,
    multiIf(peer_group = 'line', line_mad, peer_group = 'level', level_mad, NULL) AS mad,
    if(peer_group = 'line', line_share, level_share) AS p,
    if(base < least_base, NULL, (rate - median) / sqrt(pow(1.4826 * mad, 2) + p * (1 - p) / base)) AS z
FROM
(
    SELECT
        *,
        quantileExactInclusiveIf(0.5)(abs(rate - line_median), base >= least_base) OVER w1 AS line_mad,
        quantileExactInclusiveIf(0.5)(abs(rate - level_median), base >= least_base) OVER w2 AS level_mad
    FROM
    (
        SELECT
            *,
            toUInt64(countIf(base >= least_base) OVER w1 - (base >= least_base)) AS line_peers,
            toUInt64(countIf(base >= least_base) OVER w2 - (base >= least_base)) AS level_peers,
            quantileExactInclusiveIf(0.5)(rate, base >= least_base) OVER w1 AS line_median,
            quantileExactInclusiveIf(0.5)(rate, base >= least_base) OVER w2 AS level_median,
            (sum(hits) OVER w1 + 0.5) / (sum(base) OVER w1 + 1) AS line_share,
            (sum(hits) OVER w2 + 0.5) / (sum(base) OVER w2 + 1) AS level_share
        FROM
        (
            SELECT indicator, org_code, countIf(flagged) AS hits, count() AS base, hits / base AS rate
            FROM ({{gaming_rows}})
            GROUP BY indicator, org_code
        ) AS f
        LEFT JOIN
        (
            SELECT
                org_code AS code,
                toNullable(argMax(gov_level, (valid_from, revision, precedence))) AS level_,
                argMax(org_line, (valid_from, revision, precedence)) AS org_line,
                argMax(region_code, (valid_from, revision, precedence)) AS region_code
            FROM organisations
            WHERE toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai') >= valid_from
            GROUP BY org_code
        ) AS d ON d.code = f.org_code
        WINDOW
            w1 AS (PARTITION BY indicator, level_, org_line),
            w2 AS (PARTITION BY indicator, level_)
    )
    WINDOW
        w1 AS (PARTITION BY indicator, level_, org_line),
        w2 AS (PARTITION BY indicator, level_)
)
WHERE ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}}
ORDER BY indicator, z DESC NULLS LAST, org_code
