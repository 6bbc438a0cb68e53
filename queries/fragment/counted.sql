-- Whether a verdict of an instant on a ticket counts, for a WITH clause over tickets_as_of: a ticket that was
-- excluded later (hung after it was signed for late, or a visit called it unsolved) stays in what it was in.
-- counted(at): it is not excluded, or was not at the instant
at -> excluded = '' OR arrayExists(k -> k > 0 AND h_excluded[k] = '', [arrayLastIndex(x -> x <= at, h_at)]) AS counted
