-- What a correction put out of order is nobody's disorder (R-PRC-02).
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS f_excused Array(Bool) COMMENT 'a later correction made it out of order; until then the life cycle allowed it' AFTER f_legal
