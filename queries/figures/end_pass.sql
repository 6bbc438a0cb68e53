-- purpose: Note that a pass over the ledger of movements is through.
-- grain: one row of movement_passes
-- param: known_at DateTime64(3,'UTC') = all rows of the pass were recorded by then
-- param: through UInt64 = fold version up to which the ledger holds what the states say
-- param: round UInt64 = last version under which rows were written
INSERT INTO movement_passes (known_at, through, round)
SELECT {known_at:DateTime64(3,'UTC')}, {through:UInt64}, {round:UInt64}
