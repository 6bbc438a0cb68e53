-- As org_filter, by the organisations that were known at known_at. It stands apart since a
-- query that could be asked for known_at would be taken to know the rest as of then, too.
-- param: org String ? = organisation that is asked for; empty = all
-- param: known_at DateTime64(3,'UTC') ? = what had been recorded by then; nothing = all
-- include: org_successors, org_went
(
    {org:String} = '' OR org_code = {org:String}
    OR org_code IN
    (
        WITH RECURSIVE gone AS
        (
            {{org_successors}} AND (toUnixTimestamp64Milli({known_at:DateTime64(3,'UTC')}) = 0 OR stored_at <= {known_at:DateTime64(3,'UTC')})
            GROUP BY org_code HAVING successor != ''
        ), {{org_went}}
        SELECT old FROM went
    )
)
