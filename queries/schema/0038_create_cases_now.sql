-- Every case once, for rules that look at all of them.
CREATE VIEW IF NOT EXISTS cases_now AS SELECT * FROM cases FINAL
