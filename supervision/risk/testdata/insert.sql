INSERT INTO {table:Identifier} (COLUMNS) SELECT COLUMNS FROM format(JSONEachRow, {structure:String}, {rows:String})
