-- purpose: Ask whether the last evaluation of a rule failed.
-- grain: one row when it did
-- param: rule_id String = the rule
-- column: error String = what the server said
SELECT error FROM rule_runs FINAL WHERE rule_id = {rule_id:String} AND error != ''
