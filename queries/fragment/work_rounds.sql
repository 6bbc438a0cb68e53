-- One row per order, bad-rating order or exposure and round (a reopening or a new round of
-- rectification has a deadline of its own), as of an instant: when it was due, when it was
-- done (answered or rectified, and not sent back), when it was taken back. Work about what
-- is secret is left out.
-- param: source String ? = source system that it is about; empty = all
-- param: org String ? = organisation; empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- include: days_in_force, work_terms, work_pieces, org_filter, region_filter, secret_subjects
SELECT kind, id, org_code, region_code, level, origin, subjects, data, opened_at, known, segment,
    known[-1].3 AS state,
    arrayFilter(j -> segments[j] = segment, arrayEnumerate(known)) AS mine,
    known[mine[1]].1 AS started_at,
    if(dues[mine[-1]] > toDateTime64('1970-01-01 00:00:00', 3, 'UTC'), toNullable(dues[mine[-1]]), NULL) AS due_at,
    arrayLast(j -> known[j].2 IN ('reply', 'rectify', 'explain'), mine) AS done,
    if(done = 0 OR arrayExists(j -> j > done AND known[j].2 = 'return', mine), NULL, toNullable(known[done].1)) AS done_at,
    if(state IN ('revoked', 'excluded', 'dropped', 'taken_down', 'withdrawn'), toNullable(known[-1].1), NULL) AS taken_back_at
FROM
(
    SELECT kind, id, toString(org_code) AS org_code, toString(region_code) AS region_code, toString(level) AS level, toString(origin) AS origin, dues, segments,
        arrayFilter(e -> e.1 <= {as_of:DateTime64(3,'UTC')}, events) AS known, known[1].1 AS opened_at
    FROM
    (
        WITH
        {{days_in_force}},
        {{work_terms}},
        toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS far
        SELECT * FROM ({{work_pieces}})
    )
    WHERE notEmpty(known) AND (toString(kind), '', id) NOT IN ({{secret_subjects}}) AND {{org_filter}} AND {{region_filter}}
) AS p
INNER JOIN (SELECT kind, id, CAST(subjects, 'Array(String)') AS subjects, data FROM work_items FINAL) AS w ON w.kind = p.kind AND w.id = p.id
ARRAY JOIN arrayDistinct(arraySlice(segments, 1, length(known))) AS segment
WHERE {source:String} = '' OR arrayExists(s -> splitByChar('/', s)[2] = {source:String}, subjects)
