-- purpose: What became of one action: what the page that it was taken on says.
-- grain: one row when it was judged
-- param: id String = event id of the action
-- param: kind String = kind of its subject
-- param: subject String = id of its subject
-- column: outcome String = accepted, conflict, illegal, forbidden, invalid or unknown
-- column: detail String = JSON: key of the text that explains it, with its details
SELECT outcome, detail
FROM action_results FINAL
WHERE event_id = {id:String} AND subject_kind = {kind:String} AND subject_id = {subject:String}
LIMIT 1
