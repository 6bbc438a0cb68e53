-- purpose: List the audit trail, newest first.
-- grain: one row per line
-- param: user String ? = user id; empty means all
-- param: of Array(String) ? = users whose lines are seen: what they did and what was done to them; empty means all
-- param: what String ? = what was done; empty means all
-- param: outcome String ? = result; empty means all
-- param: target String ? = id of the thing; empty means all
-- param: from DateTime64(3,'UTC') ? = first instant; the epoch means from the beginning
-- param: until DateTime64(3,'UTC') ? = first instant after the period; the epoch means to the end
-- param: max_rows UInt32 = rows of one page
-- param: skip UInt64 ? = rows before the page
-- column: at DateTime64(3,'UTC') = when
-- column: user_id String = who; empty = nobody was signed in, cli = command line
-- column: role String = role in which the person acted
-- column: what String = what was done
-- column: target_kind String = kind of the thing
-- column: target_id String = id of the thing
-- column: outcome String = done, denied, invalid, attempted
-- column: request_id String = id of the request in the log
-- column: remote String = network of the request
-- column: total UInt64 = lines that fit the filter
-- source: domain guide 8.1: the auditor reads access logs
SELECT at, user_id, role, what, target_kind, target_id, outcome, request_id, remote, count() OVER () AS total
FROM audit_log FINAL
WHERE ({user:String} = '' OR user_id = {user:String})
    AND (empty({of:Array(String)}) OR has({of:Array(String)}, toString(user_id)) OR target_kind = 'user' AND has({of:Array(String)}, target_id))
    AND ({what:String} = '' OR what = {what:String})
    AND ({outcome:String} = '' OR outcome = {outcome:String})
    AND ({target:String} = '' OR target_id = {target:String})
    AND at >= {from:DateTime64(3,'UTC')}
    AND (toUnixTimestamp64Milli({until:DateTime64(3,'UTC')}) = 0 OR at < {until:DateTime64(3,'UTC')})
ORDER BY at DESC, id DESC
LIMIT {max_rows:UInt32} OFFSET {skip:UInt64}
