-- purpose: Where rules over periods begin: the earliest fact of any case or ticket that lived since an instant.
-- grain: one row
-- param: since DateTime64(3,'UTC') = what ended before it is left alone
-- column: first_at DateTime64(3,'UTC') = earliest fact; 2299-12-31 = there is none
SELECT assumeNotNull(least(
    (SELECT if(count() = 0, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), min(first_at)) FROM cases WHERE last_at >= {since:DateTime64(3,'UTC')}),
    (SELECT if(count() = 0, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), min(first_at)) FROM tickets WHERE last_at >= {since:DateTime64(3,'UTC')}))) AS first_at
