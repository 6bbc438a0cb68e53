-- A view has the columns that its table had when it was made.
CREATE OR REPLACE VIEW tickets_now AS SELECT * FROM tickets FINAL
