-- purpose: Targets that other systems measure: of each the last measurement by an instant.
-- grain: one row per target
-- param: as_of DateTime64(3,'UTC') = the instant asked for; what was sent later does not exist yet
-- param: region String ? = division whose subtree is meant; empty or 000000 = all
-- include: region_filter
-- column: name String = what the measurement calls the target, else its organisation or division
-- column: source_sys String = who measures it
-- column: org_code String = organisation; empty = none
-- column: region_code String = division
-- column: since DateTime64(3,'UTC') = instant of the baseline
-- column: due DateTime64(3,'UTC') = first instant after the time for it
-- column: baseline Float64 = value at the beginning
-- column: target Float64 = value to be reached
-- column: actual Float64 = value last measured
-- column: measured_at DateTime64(3,'UTC') = when that was
-- source: domain guide 5.9
SELECT
    multiIf(said != '', said, org_code != '', org_code, region_code) AS name, source_sys, org_code, region_code, period_from AS since, period_to AS due,
    last.2 AS baseline, last.3 AS target, last.4 AS actual, last.1 AS measured_at
FROM
(
    SELECT toString(source_sys) AS source_sys, toString(org_code) AS org_code, toString(region_code) AS region_code, JSONExtractString(payload, 'target') AS said,
        period_from, period_to, argMax((measured, `values`['baseline'], `values`['target'], `values`['actual']), (measured, revision)) AS last
    FROM
    (
        SELECT *, if(emitted_at > toDateTime64(0, 3, 'UTC'), emitted_at, received_at) AS measured
        FROM measurements FINAL
        WHERE name = 'targets' AND mapContains(`values`, 'actual') AND mapContains(`values`, 'target')
    )
    WHERE measured <= {as_of:DateTime64(3,'UTC')} AND {{region_filter}}
    GROUP BY source_sys, org_code, region_code, said, period_from, period_to
)
ORDER BY region_code, org_code, name, due
