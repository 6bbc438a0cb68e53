-- Condition on facts: what was known at an arrival.
-- param: known_until DateTime64(3,'UTC') = what arrived later is left out
received_at <= {known_until:DateTime64(3,'UTC')}
