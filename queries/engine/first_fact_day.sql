-- purpose: Ask for the earliest legal moment of any fact, where rules over periods begin.
-- grain: one row
-- column: first_at DateTime64(3,'UTC') = earliest fact; 1970 = there is none
SELECT least(
    (SELECT if(count() = 0, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), min(first_at)) FROM cases),
    (SELECT if(count() = 0, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), min(first_at)) FROM tickets)) AS first_at
