-- purpose: Add lines to the audit trail.
-- grain: one row per line
-- param: at Array(DateTime64(3,'UTC')) = when
-- param: id Array(String) = identity of each line
-- param: user_id Array(String) = who
-- param: role Array(String) = role of the person
-- param: what Array(String) = what was done
-- param: target_kind Array(String) = kind of the thing
-- param: target_id Array(String) = id of the thing
-- param: outcome Array(String) = result
-- param: request_id Array(String) = id of the request
-- param: remote Array(String) = network of the request
-- source: domain guide 8.1, 8.3: access is logged
INSERT INTO audit_log (at, id, user_id, role, what, target_kind, target_id, outcome, request_id, remote)
SELECT l.1, l.2, l.3, l.4, l.5, l.6, l.7, l.8, l.9, l.10
FROM
(
    SELECT arrayJoin(arrayZip({at:Array(DateTime64(3,'UTC'))}, {id:Array(String)}, {user_id:Array(String)}, {role:Array(String)},
        {what:Array(String)}, {target_kind:Array(String)}, {target_id:Array(String)}, {outcome:Array(String)},
        {request_id:Array(String)}, {remote:Array(String)})) AS l
)
