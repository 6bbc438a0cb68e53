-- Every work item as of an instant: its state after its last event by then. What a
-- limit was at an earlier event is not kept, so at an instant before the last event
-- the limits are null. Who has answered an order is not waited for any more.
-- Of what is secret the work names nothing to readers who may not see it; work about nothing
-- else is kept from them, unless their organisation has to act on it.
-- include: region_filter, co_regions, secret_subjects, secret_refs
-- param: as_of DateTime64(3,'UTC') = the instant asked for
-- param: orgs Array(String) ? = organisations, as lead or beside it; empty = all
-- param: ended_states Array(String) = kind/state of those that are over
-- param: secret String ? = as in alerts_as_of: empty, acting or all
WITH {{co_regions}},
    if({secret:String} = 'all', [], ({{secret_refs}})) AS kept_from_reader
SELECT w.kind AS kind, w.id AS id, w.level AS level, w.origin AS origin, w.org_code AS org_code, w.co_orgs AS co_orgs, w.region_code AS region_code, w.co_regions AS co_regions,
    arrayFilter(s -> NOT has(kept_from_reader, s), CAST(w.subjects, 'Array(String)')) AS subjects,
    if(length(w.alerts) = length(w.subjects), arrayFilter((a, s) -> NOT has(kept_from_reader, s), CAST(w.alerts, 'Array(String)'), CAST(w.subjects, 'Array(String)')), CAST(w.alerts, 'Array(String)')) AS alerts, w.opened_at AS opened_at, w.round AS round, w.extended AS extended, w.assignee AS assignee, w.data AS data,
    -- an order that follows from cards is called by its rule, in the language of the reader, until a person gives it another title
    JSONExtractString(w.data, 'title') AS own_title, JSONExtractString(w.data, 'rule') AS of_rule, JSONExtractString(w.data, 'day') AS of_day,
    if(of_rule != '' AND of_day != '' AND endsWith(own_title, concat(' ', of_rule)) AND position(own_title, concat(' ', of_day, ' · ')) > 0, concat(of_rule, ' ', of_day), own_title) AS title,
    e.last_state AS state, e.last_seq AS seq, e.last_at AS last_at, e.last_event AS last_event, e.last_seq = w.seq AS latest,
    if(latest AND NOT (kind = 'order' AND state = 'replied'), w.due_at, NULL) AS due_at,
    if(latest, w.final_due_at, NULL) AS final_due_at, if(latest, w.stopped_at, NULL) AS stopped_at, if(latest, w.closed_at, NULL) AS closed_at,
    has({ended_states:Array(String)}, concat(kind, '/', state)) AS ended,
    NOT ended AND ifNull(due_at < {as_of:DateTime64(3,'UTC')}, false) AS overdue,
    ifNull(final_due_at < ifNull(stopped_at, ifNull(closed_at, {as_of:DateTime64(3,'UTC')})), false) AS late
FROM
(
    SELECT *, co_regions_of(CAST(co_orgs, 'Array(String)'), toString(region_code)) AS co_regions FROM work_items FINAL
    WHERE (empty({orgs:Array(String)}) OR has({orgs:Array(String)}, org_code) OR hasAny({orgs:Array(String)}, CAST(co_orgs, 'Array(String)')))
        AND ({secret:String} = 'all' OR (toString(kind), '', id) NOT IN ({{secret_subjects}}) OR {secret:String} = 'acting' AND kind IN ('order', 'rating'))
        -- an order belongs to the divisions of all who have to answer it
        AND ({{region_filter}} OR hasAny(CAST(co_orgs, 'Array(String)'), (SELECT groupArray(co_org) FROM (SELECT tupleElement(x, 1) AS co_org, tupleElement(x, 2) AS region_code FROM (SELECT arrayJoin(arrayZip(mapKeys(regions_of_orgs), mapValues(regions_of_orgs))) AS x)) WHERE {{region_filter}})))
) AS w
INNER JOIN
(
    SELECT kind, id, argMax(state, seq) AS last_state, max(seq) AS last_seq, argMax(effective_at, seq) AS last_at, argMax(event, seq) AS last_event
    FROM work_events FINAL
    WHERE effective_at <= {as_of:DateTime64(3,'UTC')}
    GROUP BY kind, id
) AS e ON e.kind = w.kind AND e.id = w.id
