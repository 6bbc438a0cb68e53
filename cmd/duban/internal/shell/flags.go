package shell

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

// Common are the flags that every command takes.
type Common struct {
	cmd        *cobra.Command
	configPath string
	Data       string
	clickhouse string
	kafka      []string
	// LogLevel is empty when it is not given.
	LogLevel string
}

// AddCommon adds them to a command.
func AddCommon(cmd *cobra.Command) *Common {
	c := &Common{cmd: cmd}
	f := cmd.Flags()
	f.StringVar(&c.configPath, "config", "", "configuration file (YAML)")
	f.StringVar(&c.Data, "data", "", "folder of the instance (default \"duban-data\")")
	f.StringVar(&c.clickhouse, "clickhouse", "", "use this ClickHouse instead of the instance's own: "+
		"clickhouse://user:password@host:9000/database")
	f.StringSliceVar(&c.kafka, "kafka", nil, "use these brokers instead of the instance's own: HOST:PORT,…")
	f.StringVar(&c.LogLevel, "log-level", "", "debug, info, warn or error")
	return c
}

// Load reads the configuration with the flags that were given on top.
func (c *Common) Load(extra map[string]any) (config.Config, error) {
	over := map[string]any{}
	for key, value := range map[string]string{"data": c.Data, "clickhouse.dsn": c.clickhouse, "log.level": c.LogLevel} {
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

// NewLogger logs as the configuration says.
func NewLogger(cfg config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.Level)) // validated before
	opts := &slog.HandlerOptions{Level: level}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// Client is what a client command needs of a running instance.
type Client struct {
	// Cfg is the configuration with the addresses of the engines filled in.
	Cfg config.Config
	// DB and Reg are there when the database is open.
	DB  *store.DB
	Reg *queries.Registry
	// Brokers are those of the instance or of the flags, HTTP the address of its pages;
	// empty when nothing of it runs.
	Brokers []string
	HTTP    string
}

// Open finds the engines: outside ones from the configuration, the rest from
// endpoints.json of the data folder.
func (c *Common) Open() (*Client, error) {
	cl, err := c.Locate()
	if err != nil {
		return nil, err
	}
	if cl.Reg, err = queries.Load(); err != nil {
		return nil, err
	}
	if cl.DB, err = store.Open(cl.Cfg.ClickHouse.DSN); err != nil {
		return nil, err
	}
	return cl, nil
}

// OpenReader is open for questions: whatever writes is refused by the server.
func (c *Common) OpenReader() (*Client, error) {
	cl, err := c.Locate()
	if err != nil {
		return nil, err
	}
	if cl.Reg, err = queries.Load(); err != nil {
		return nil, err
	}
	if cl.DB, err = stack.OpenReader(cl.Cfg.ClickHouse); err != nil {
		return nil, err
	}
	return cl, nil
}

// Locate fills in addresses without connecting.
func (c *Common) Locate() (*Client, error) {
	cfg, err := c.Load(nil)
	if err != nil {
		return nil, err
	}
	if cfg.Supervise.OwnLimits, err = OwnLimits(cfg); err != nil {
		return nil, err
	}
	cl := &Client{Cfg: cfg, Brokers: cfg.Kafka.Brokers}
	if cfg.ClickHouse.DSN == "" || len(cfg.Kafka.Brokers) == 0 {
		e, err := instance.Read(cfg.Data)
		if err != nil {
			return nil, err
		}
		if cl.Cfg.ClickHouse.DSN == "" {
			cl.Cfg.ClickHouse.DSN, cl.Cfg.ClickHouse.ReaderDSN = e.ClickHouse, e.Reader
		}
		if len(cl.Brokers) == 0 {
			cl.Brokers = e.Kafka
		}
		cl.HTTP = e.HTTP
	}
	return cl, nil
}

// Close leaves the database.
func (c *Client) Close() {
	if c.DB != nil {
		_ = c.DB.Close()
	}
}

// ParseInstant reads an instant or a local day (its beginning) in the zone of
// the law.
func ParseInstant(flag, s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, lawzone.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, Usage(fmt.Errorf("--%s %q is not an instant: want 2026-01-31, 2026-01-31T18:00:00 (Asia/Shanghai) or one with "+
		"an offset", flag, s))
}

// ParseAssignments reads k=v pairs.
func ParseAssignments(flag string, pairs []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range pairs {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, Usage(fmt.Errorf("-%s %q: want name=value", flag, p))
		}
		out[k] = v
	}
	return out, nil
}
