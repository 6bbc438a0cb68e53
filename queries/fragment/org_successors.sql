-- Who went into whom, up to its condition: the caller adds its own and the grouping.
-- param: org String ? = organisation that is asked for; empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; who went into whom is as of its local day
SELECT org_code AS old, argMax(if(ifNull(valid_to <= toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai'), false), JSONExtractString(payload, 'successor_code'), ''), (valid_from, revision, precedence)) AS successor
FROM organisations
WHERE {org:String} != '' AND valid_from <= toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai')
