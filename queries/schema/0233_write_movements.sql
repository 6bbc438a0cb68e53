-- The difference goes into the ledger.
CREATE MATERIALIZED VIEW IF NOT EXISTS movement_feed_rows TO movements AS
SELECT
    x.2.measure AS measure, CAST(fromUnixTimestamp64Micro(x.2.at10 * 100, 'UTC'), 'DateTime64(4, \'UTC\')') AS at,
    x.2.late_ms AS late_ms, x.2.behind_ms AS behind_ms, x.2.facets AS facets, x.2.value AS value, toInt16(x.1 * x.2.n) AS n,
    source_sys, d.region_code AS region_code, if(x.2.org_code = '', d.org_code, x.2.org_code) AS org_code, d.task_code AS task_code, d.item_type AS item_type,
    d.project_type AS project_type, d.channel AS channel, d.window_id AS window_id, d.kind AS kind, d.called_number AS called_number,
    subject_kind, subject, known_at, round
FROM
(
    SELECT *, arrayJoin(arrayConcat(arrayMap(e -> (toInt16(1), e), plus), arrayMap(e -> (toInt16(-1), e), minus))) AS x, if(x.1 > 0, dims, was_dims) AS d
    FROM movement_feed
)
