-- Since when a sub-case is a part: since it is named and somebody accepted it, or since the law did. Uses member_since and h_ arrays.
coalesce(member_since, if(has(h_deemed, true), greatest(parent_since, h_at[indexOf(h_deemed, true)]), NULL))
