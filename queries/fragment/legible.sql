-- Whether something of a text can be seen, to be put into a WITH clause: what holds only
-- white space, control and format characters and other characters without a mark gives no
-- reason, as package internal/blank says of texts elsewhere.
-- legible(t): 1 when a character can be seen, 0 for an empty text too
t -> match(t, '[^\\s\\p{Z}\\p{Cc}\\p{Cf}\\x{34f}\\x{115f}\\x{1160}\\x{17b4}\\x{17b5}\\x{180b}-\\x{180f}\\x{2065}\\x{2800}\\x{3164}\\x{fe00}-\\x{fe0f}\\x{ffa0}\\x{fff0}-\\x{fff8}\\x{e0000}-\\x{e0fff}]') AS legible
