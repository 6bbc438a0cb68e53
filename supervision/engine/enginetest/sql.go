package enginetest

import _ "embed"

//go:embed ends.sql
var ends string
