-- As cases_now.
CREATE VIEW IF NOT EXISTS tickets_now AS SELECT * FROM tickets FINAL
