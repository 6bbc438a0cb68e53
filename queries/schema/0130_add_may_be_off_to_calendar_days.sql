-- A working day that a notice still to come may turn off; it is not sure that it counts.
ALTER TABLE calendar_days
    ADD COLUMN IF NOT EXISTS may_be_off Bool COMMENT 'a working day that a notice still to come may turn off'
