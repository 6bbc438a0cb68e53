-- Which tickets take part in any figure: those that the caller asks for, without
-- test and secret ones (C4). The organisation is filtered where it is known who
-- answers for the ticket.
-- param: source String ? = source system; empty = all
-- include: region_filter
({source:String} = '' OR source_sys = {source:String})
    AND {{region_filter}}
    AND NOT is_test AND NOT secret
