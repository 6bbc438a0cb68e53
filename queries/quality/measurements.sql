-- purpose: Totals that other systems counted (measurements), added up: ratings, volumes, calls by organisation.
-- grain: one row per name, organisation, division and number
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; periods that end later do not count yet
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: to DateTime64(3,'UTC') ? = first instant behind the period; nothing = all up to as_of
-- param: name String ? = what was measured; empty = all
-- param: org String ? = organisation; empty = all
-- param: source String ? = source system; empty = all
-- column: name String = what was measured
-- column: org_code String = organisation that it is about
-- column: region_code String = division that it is about
-- column: number String = name of the number
-- column: total Float64 = sum over the measurements whose period lies within the asked one
-- column: measurements UInt64 = how many they are
-- column: period_from DateTime64(3,'UTC') = begin of the earliest
-- column: period_to DateTime64(3,'UTC') = end of the latest
-- source: domain guide 8.1
SELECT name, org_code, region_code, pair.1 AS number, sum(pair.2) AS total, count() AS measurements,
    min(m.period_from) AS period_from, max(m.period_to) AS period_to
FROM
(
    SELECT toString(name) AS name, toString(org_code) AS org_code, toString(region_code) AS region_code, period_from, period_to, `values`
    FROM measurements
    WHERE ({name:String} = '' OR name = {name:String}) AND ({org:String} = '' OR org_code = {org:String})
        AND ({source:String} = '' OR source_sys = {source:String})
        AND period_from >= {from:DateTime64(3,'UTC')} AND period_to <= {as_of:DateTime64(3,'UTC')}
        AND ({to:DateTime64(3,'UTC')} = toDateTime64(0, 3, 'UTC') OR period_to <= {to:DateTime64(3,'UTC')})
    ORDER BY revision DESC, precedence DESC -- the highest revision, of that the first to arrive
    LIMIT 1 BY source_sys, event_id
) AS m
ARRAY JOIN CAST(m.`values`, 'Array(Tuple(String, Float64))') AS pair
GROUP BY name, org_code, region_code, number
ORDER BY name, org_code, region_code, number
