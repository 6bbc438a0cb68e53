-- As cases_now.
CREATE VIEW IF NOT EXISTS rating_states_now AS SELECT * FROM rating_states FINAL
