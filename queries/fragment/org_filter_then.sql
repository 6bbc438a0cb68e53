-- As org_filter, of the organisations that were known at known_at.
-- param: org String ? = organisation that is asked for; empty = all
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; who went into whom is as of its local day
-- param: known_at DateTime64(3,'UTC') ? = what had been recorded by then; nothing = all
(
    {org:String} = '' OR org_code = {org:String}
    OR org_code IN
    (
        WITH RECURSIVE
            gone AS
            (
                SELECT org_code AS old, argMax(if(ifNull(valid_to <= toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai'), false), JSONExtractString(payload, 'successor_code'), ''), (valid_from, revision, precedence)) AS successor
                FROM organisations
                WHERE {org:String} != '' AND (toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR stored_at <= {known_at:DateTime64(3,'UTC')}) AND valid_from <= toDate32({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai')
                GROUP BY org_code
                HAVING successor != ''
            ),
            went AS
            (
                SELECT old, 1 AS step FROM gone WHERE successor = {org:String}
                UNION ALL
                SELECT gone.old, went.step + 1 FROM gone INNER JOIN went ON gone.successor = went.old WHERE went.step < 8
            )
        SELECT old FROM went
    )
)
