-- purpose: What became of actions.
-- grain: one row per action that was judged
-- param: ids Array(String) = event ids of the actions
-- column: event_id String = action
-- column: outcome String = accepted, conflict, illegal, forbidden, invalid or unknown
-- column: detail String = JSON: key of the text that explains it, with its details
SELECT event_id, outcome, detail FROM action_results FINAL WHERE event_id IN {ids:Array(String)}
