-- Which tickets take part in any figure: those that the caller asks for, without
-- test and secret ones (C4); what is called secret after it was answered or late
-- stays counted. The organisation is filtered where it is known who answers for the ticket.
-- param: source String ? = source system; empty = all
-- include: region_filter
({source:String} = '' OR source_sys = {source:String})
    AND {{region_filter}}
    AND NOT is_test AND h_excluded[-1] != 'secret'
