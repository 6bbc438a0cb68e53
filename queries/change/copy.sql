-- purpose: Copy a table of another database into the table of the same name here.
-- grain: as many rows as the table has there
-- param: main Identifier = the other database
-- param: name Identifier = the table
INSERT INTO {name:Identifier} SELECT * FROM {main:Identifier}.{name:Identifier}
