-- Since when a sub-case is one (it is named, and accepted), and when both had arrived. What was folded before
-- says nothing of the arrival.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS member_since Nullable(DateTime64(3, 'UTC')) DEFAULT if(parent_case_no = '' OR isNull(h_accepted_at[-1]), NULL, greatest(parent_since, h_accepted_at[-1]))
        COMMENT 'since when a sub-case is one: it names its parent, and is accepted; null = it is not, or is none',
    ADD COLUMN IF NOT EXISTS member_told_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when the naming and the acceptance had arrived'
