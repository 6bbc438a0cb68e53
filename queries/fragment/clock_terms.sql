-- Whether a clock was kept, for rows with clock_due, clock_stop and clock_outcome: met, when
-- it was stopped by its due; settled, when it was met or its due has passed. One that was
-- cancelled by its due asked for nothing, and one without a due is judged by nobody.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
clock_outcome NOT IN ('cancelled', 'unlimited') AND ifNull(clock_stop <= clock_due AND clock_stop <= {as_of:DateTime64(3,'UTC')}, false) AS is_met,
ifNull(clock_due < {as_of:DateTime64(3,'UTC')}, false) AND NOT (clock_outcome = 'cancelled' AND ifNull(clock_stop <= clock_due, false)) AS is_past
