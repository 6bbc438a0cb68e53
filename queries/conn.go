package queries

import "github.com/ClickHouse/clickhouse-go/v2/lib/driver"

// Conn is a pooled connection to ClickHouse, so that packages that only run
// named queries need not know the client library.
type Conn = driver.Conn
