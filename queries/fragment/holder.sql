-- Who answers for a ticket at an instant, for a WITH clause over tickets_known: who had it, once its clock had stopped who had it
-- then (C8); before its first fact the first one.
-- holder(at): the organisation, empty when nobody is known
at -> toString(h_org[greatest(1, arrayLastIndex(x -> x <= at, h_at))]) AS holder
