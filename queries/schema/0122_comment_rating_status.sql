-- A rating that came before the service was rendered counts nowhere.
ALTER TABLE rating_states
    COMMENT COLUMN r_status 'valid, default, excluded, follow_up, late (more than 5 working days after the service) or early (before any service of its subject was rendered)'
