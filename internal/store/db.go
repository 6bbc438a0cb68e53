package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// DB is a database of a ClickHouse server.
type DB struct {
	dsn  string
	opts *clickhouse.Options
	conn driver.Conn
}

// Open prepares connections to dsn (clickhouse://user:password@host:port/db).
// It does no I/O; the first query or Ping does.
func Open(dsn string) (*DB, error) { return open(dsn, nil) }

// OpenReadOnly is Open, but the server refuses whatever writes, even to a user
// who may write.
func OpenReadOnly(dsn string) (*DB, error) {
	// 2 = read, and set limits for oneself; the driver sends the deadline of a
	// context as a setting.
	return open(dsn, clickhouse.Settings{"readonly": 2})
}

// readTimeout bounds a whole statement, not the time between its packets, so that it
// has to allow for the longest: what a first load of years asks of all states at once.
// Whoever waits for less has a context; a server that is gone is noticed by TCP.
const readTimeout = 2 * time.Hour

func open(dsn string, settings clickhouse.Settings) (*DB, error) {
	opts, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		// The parser's message may repeat the DSN and with it the password.
		return nil, errors.New("ClickHouse address is not valid: want clickhouse://user:password@host:port/database")
	}
	for name, v := range settings {
		if opts.Settings == nil {
			opts.Settings = clickhouse.Settings{}
		}
		opts.Settings[name] = v
	}
	opts.DialTimeout = 5 * time.Second
	if opts.ReadTimeout == 0 {
		opts.ReadTimeout = readTimeout
	}
	opts.MaxOpenConns, opts.MaxIdleConns = 16, 8
	if opts.Compression == nil {
		opts.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	conn, err := clickhouse.Open(opts)
	if err != nil {
		return nil, fmt.Errorf("prepare ClickHouse connection: %w", err)
	}
	return &DB{dsn: dsn, opts: opts, conn: conn}, nil
}

// Conn is the pooled connection for named queries.
func (d *DB) Conn() driver.Conn { return d.conn }

// DSN is the address the DB was opened with; it holds the password.
func (d *DB) DSN() string { return d.dsn }

// Name is the database name.
func (d *DB) Name() string { return d.opts.Auth.Database }

// Ping checks that the server answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.conn.Ping(ctx); err != nil {
		return fmt.Errorf("reach ClickHouse at %s: %w", strings.Join(d.opts.Addr, ","), err)
	}
	return nil
}

// Close releases the pooled connections.
func (d *DB) Close() error { return d.conn.Close() }

// Native dials one connection for column-wise streaming. It serves one query
// at a time and must be closed by the caller.
func (d *DB) Native(ctx context.Context) (*ch.Client, error) {
	compression := ch.CompressionLZ4
	if local(d.opts.Addr[0]) {
		// Over the loopback, packing and unpacking cost more than they save:
		// a third of a CPU second per million events on each side.
		compression = ch.CompressionDisabled
	}
	c, err := ch.Dial(ctx, ch.Options{
		Address:          d.opts.Addr[0],
		Database:         d.opts.Auth.Database,
		User:             d.opts.Auth.Username,
		Password:         d.opts.Auth.Password,
		TLS:              d.opts.TLS,
		DialTimeout:      d.opts.DialTimeout,
		Compression:      compression,
		CompressionLevel: ch.CompressionLevel(compress.LevelZero),
		ClientName:       "duban",
	})
	if err != nil {
		return nil, fmt.Errorf("dial ClickHouse at %s: %w", d.opts.Addr[0], err)
	}
	return c, nil
}

// local reports whether an address is on this machine.
func local(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// createDatabase creates the database name if it is missing. One that exists is left
// alone: the user of an outside server need not have the right to create any.
// It asks from the database default: the engine as a library ends when a client asks
// for one that does not exist.
func createDatabase(ctx context.Context, dsn, name string) error {
	conn, err := dialAt(dsn, "default")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var exists uint8
	if err := conn.QueryRow(ctx, "EXISTS DATABASE "+quoteIdentifier(name)).Scan(&exists); err != nil || exists == 1 {
		return err
	}
	return conn.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+quoteIdentifier(name)+" ENGINE = Atomic")
}

// dialAt prepares a connection of its own to a database other than the one of the DSN.
func dialAt(dsn, database string) (driver.Conn, error) {
	opts, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, errors.New("ClickHouse address is not valid")
	}
	opts.Auth.Database = database
	opts.DialTimeout = time.Second
	return clickhouse.Open(opts)
}

// pingAnew asks a server, over a new connection, whether it answers.
func pingAnew(ctx context.Context, dsn string) error {
	conn, err := dialAt(dsn, "default")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Ping(ctx)
}

func quoteIdentifier(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// EnsureDatabase creates the database that the DSN names if it is missing.
func (d *DB) EnsureDatabase(ctx context.Context) error {
	if err := createDatabase(ctx, d.dsn, d.Name()); err != nil {
		return fmt.Errorf("create database %s: %w", d.Name(), err)
	}
	return nil
}

// DropDatabase removes the database that the DSN names, with all its data.
func (d *DB) DropDatabase(ctx context.Context) error {
	if err := d.conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quoteIdentifier(d.Name())+" SYNC"); err != nil {
		return fmt.Errorf("drop database %s: %w", d.Name(), err)
	}
	return nil
}

// Addr is the first host:port of the server.
func (d *DB) Addr() string { return d.opts.Addr[0] }
