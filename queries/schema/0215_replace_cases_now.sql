-- A view has the columns that its table had when it was made.
CREATE OR REPLACE VIEW cases_now AS SELECT * FROM cases FINAL
