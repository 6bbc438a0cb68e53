-- The organisation that is asked for, and those that went into it: what was merged or
-- renamed under another code names its successor (payload successor_code with valid_to),
-- and from that day on figures of the successor count what it left. Facts keep the code of
-- their time (domain guide 1.1).
-- param: org String ? = organisation that is asked for; empty = all
-- include: org_successors, org_went
(
    {org:String} = '' OR org_code = {org:String}
    OR org_code IN
    (
        WITH RECURSIVE gone AS ({{org_successors}} GROUP BY org_code HAVING successor != ''), {{org_went}}
        SELECT old FROM went
    )
)
