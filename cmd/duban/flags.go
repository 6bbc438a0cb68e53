package main

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/stack"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/lawzone"
)

// common are the flags that every command takes.
type common struct {
	cmd        *cobra.Command
	configPath string
	data       string
	clickhouse string
	kafka      []string
	logLevel   string
}

func addCommon(cmd *cobra.Command) *common {
	c := &common{cmd: cmd}
	f := cmd.Flags()
	f.StringVar(&c.configPath, "config", "", "configuration file (YAML)")
	f.StringVar(&c.data, "data", "", "folder of the instance (default \"duban-data\")")
	f.StringVar(&c.clickhouse, "clickhouse", "", "use this ClickHouse instead of the instance's own: "+
		"clickhouse://user:password@host:9000/database")
	f.StringSliceVar(&c.kafka, "kafka", nil, "use these brokers instead of the instance's own: HOST:PORT,…")
	f.StringVar(&c.logLevel, "log-level", "", "debug, info, warn or error")
	return c
}

// load reads the configuration with the flags that were given on top.
func (c *common) load(extra map[string]any) (config.Config, error) {
	over := map[string]any{}
	for key, value := range map[string]string{"data": c.data, "clickhouse.dsn": c.clickhouse, "log.level": c.logLevel} {
		if value != "" {
			over[key] = value
		}
	}
	if len(c.kafka) > 0 {
		over["kafka.brokers"] = c.kafka
	}
	maps.Copy(over, extra)
	return config.Load(c.configPath, os.Environ(), over)
}

func newLogger(cfg config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.Level)) // validated before
	opts := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// client is what a client command needs of a running instance.
type client struct {
	cfg     config.Config
	db      *store.DB
	reg     *queries.Registry
	brokers []string
	http    string
}

// open finds the engines: outside ones from the configuration, the rest from
// endpoints.json of the data folder.
func (c *common) open() (*client, error) {
	cl, err := c.locate()
	if err != nil {
		return nil, err
	}
	if cl.reg, err = queries.Load(); err != nil {
		return nil, err
	}
	if cl.db, err = store.Open(cl.cfg.ClickHouse.DSN); err != nil {
		return nil, err
	}
	return cl, nil
}

// openReader is open for questions: whatever writes is refused by the server.
func (c *common) openReader() (*client, error) {
	cl, err := c.locate()
	if err != nil {
		return nil, err
	}
	if cl.reg, err = queries.Load(); err != nil {
		return nil, err
	}
	if cl.db, err = stack.OpenReader(cl.cfg.ClickHouse); err != nil {
		return nil, err
	}
	return cl, nil
}

// locate fills in addresses without connecting.
func (c *common) locate() (*client, error) {
	cfg, err := c.load(nil)
	if err != nil {
		return nil, err
	}
	if cfg.Supervise.OwnLimits, err = ownLimits(cfg); err != nil {
		return nil, err
	}
	cl := &client{cfg: cfg, brokers: cfg.Kafka.Brokers}
	if cfg.ClickHouse.DSN == "" || len(cfg.Kafka.Brokers) == 0 {
		e, err := instance.Read(cfg.Data)
		if err != nil {
			return nil, err
		}
		if cl.cfg.ClickHouse.DSN == "" {
			cl.cfg.ClickHouse.DSN, cl.cfg.ClickHouse.ReaderDSN = e.ClickHouse, e.Reader
		}
		if len(cl.brokers) == 0 {
			cl.brokers = e.Kafka
		}
		cl.http = e.HTTP
	}
	return cl, nil
}

func (c *client) close() {
	if c.db != nil {
		_ = c.db.Close()
	}
}

// parseInstant reads an instant or a local day (its beginning) in the zone of
// the law.
func parseInstant(flag, s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, lawzone.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usageError{fmt.Errorf("--%s %q is not an instant: want 2026-01-31, 2026-01-31T18:00:00 (Asia/Shanghai) or one with "+
		"an offset", flag, s)}
}

// parseAssignments reads k=v pairs.
func parseAssignments(flag string, pairs []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range pairs {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, usageError{fmt.Errorf("-%s %q: want name=value", flag, p)}
		}
		out[k] = v
	}
	return out, nil
}
