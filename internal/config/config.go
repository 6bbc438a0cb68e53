// Package config reads the product's configuration: defaults, then a YAML
// file, then environment variables (DUBAN_…), then flags. Validate reports
// every problem with its key path.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// Config is the whole configuration. Keys in files are the koanf names; the
// environment variable of a key is its name in capitals after DUBAN_, with
// underscores for dots.
type Config struct {
	// Data is the folder of the instance: engine data, topics, endpoints.json.
	Data string `koanf:"data"`
	// Listen is the address of the web server. One that other machines can reach
	// needs server.hosts and at least one user.
	Listen     string     `koanf:"listen"`
	Server     Server     `koanf:"server"`
	ClickHouse ClickHouse `koanf:"clickhouse"`
	Kafka      Kafka      `koanf:"kafka"`
	Store      Store      `koanf:"store"`
	Ingest     Ingest     `koanf:"ingest"`
	Supervise  Supervise  `koanf:"supervise"`
	Rules      Rules      `koanf:"rules"`
	Notify     Notify     `koanf:"notify"`
	Secrets    Secrets    `koanf:"secrets"`
	Log        Log        `koanf:"log"`
	// MemoryLimitMB is the soft limit of this process's own memory, engine
	// excluded; 0 sets none.
	MemoryLimitMB int `koanf:"memory_limit_mb"`
}

// Server says by which names and through whom the web server is reached.
type Server struct {
	// Hosts are the host names, without port, that the server answers to besides
	// those of the machine itself.
	Hosts []string `koanf:"hosts"`
	// Proxies are the addresses or networks whose X-Forwarded-For and
	// X-Forwarded-Proto are believed, besides the machine itself.
	Proxies []string `koanf:"proxies"`
	// PlainHTTP lets other machines read pages and post events over connections that are not
	// encrypted, where the network itself is; passwords are never taken over one.
	PlainHTTP bool `koanf:"plain_http"`
}

// ClickHouse says which server to use; an empty DSN means the embedded one.
type ClickHouse struct {
	DSN string `koanf:"dsn"`
	// ReaderDSN is the address with a user who may only read: pages, the API and
	// questions on the command line go through it. Empty = the DSN's own user,
	// with every write refused by the setting readonly.
	ReaderDSN string `koanf:"reader_dsn"`
	// MaxMemoryMB bounds the embedded server.
	MaxMemoryMB int `koanf:"max_memory_mb"`
}

// Store says when the disk counts as full.
type Store struct {
	// MinFreeMB is how much has to be free on the disk of the data folder for Duban to
	// take anything in; 0 takes in whatever fits.
	MinFreeMB int `koanf:"min_free_mb"`
}

// Kafka says which brokers to use; none means the embedded one.
type Kafka struct {
	Brokers    []string `koanf:"brokers"`
	Partitions int      `koanf:"partitions"`
	Group      string   `koanf:"group"`
	// Retention is how long the embedded broker keeps a message at least; only what is
	// stored is dropped, and actions of people never. 0 keeps everything.
	Retention time.Duration `koanf:"retention"`
	// ProducerTimes reads topics that take the producers' word for when a message arrived.
	ProducerTimes bool `koanf:"producer_times"`

	TLS        bool   `koanf:"tls"`
	CAFile     string `koanf:"ca_file"`
	CertFile   string `koanf:"cert_file"`
	KeyFile    string `koanf:"key_file"`
	ServerName string `koanf:"server_name"`
	Mechanism  string `koanf:"mechanism"`
	Username   string `koanf:"username"`
	// PasswordFile holds the SASL password on its first line.
	PasswordFile string `koanf:"password_file"`
}

// Ingest bounds batches and memory.
type Ingest struct {
	// KeepRejected is how long the original bytes of refused messages are kept; 0 is without
	// end. What was wrong with them stays.
	KeepRejected time.Duration `koanf:"keep_rejected"`
	BatchRows    int           `koanf:"batch_rows"`
	BatchBytes   int           `koanf:"batch_bytes"`
	BatchAge     time.Duration `koanf:"batch_age"`
}

// Supervise holds what a jurisdiction may decide about clocks.
type Supervise struct {
	// DueMode is end_of_day, close_of_business or same_instant.
	DueMode         string `koanf:"due_mode"`
	CalendarVersion string `koanf:"calendar_version"`
	// Halls are the opening hours of jurisdictions whose halls are not open 09:00 to
	// 12:00 and 13:30 to 17:30.
	Halls []Hall `koanf:"halls"`
	// OwnLimits are the source systems that may give their subjects limits of their own
	// (limit_regime source), by name, or by its beginning and a *.
	OwnLimits []string      `koanf:"own_limits"`
	Interval  time.Duration `koanf:"interval"`
	// LeaseTTL is how long an engine that is silent keeps the lease; another one
	// takes over after it.
	LeaseTTL time.Duration `koanf:"lease_ttl"`
	// ClockOffset is added to the clock of the supervise role, for drills of skewed
	// clocks and of time that passes; 0 in all other use.
	ClockOffset time.Duration `koanf:"clock_offset"`
}

// Hall is when the halls of a division, with all below it, are open from a day on.
type Hall struct {
	// Region is a division code, 000000 for all; the nearest one above counts.
	Region string `koanf:"region"`
	// From is the first day, YYYY-MM-DD.
	From string `koanf:"from"`
	// Open are the hours of a working day and Saturday those of an ordinary
	// Saturday, written 08:30-12:00; empty Saturday: closed.
	Open     []string `koanf:"open"`
	Saturday []string `koanf:"saturday"`
}

// Rules are the supervision rules.
type Rules struct {
	// Dir holds rules of the jurisdiction, pairs of ID.yaml and ID.sql, beside
	// those of the product. A file with a higher version replaces a rule.
	Dir string `koanf:"dir"`
}

// Secrets names the files with secrets; none is ever in the configuration.
type Secrets struct {
	// ActionKeyFile holds the key that the product signs with what people do; made on
	// first use in the data folder. Every process of an instance needs the same.
	ActionKeyFile string `koanf:"action_key_file"`
	// TokenKeyFile holds the key that personal data is tokenised with; made on
	// first start when empty.
	TokenKeyFile string `koanf:"token_key_file"`
	// IntakeTokenFile holds the bearer tokens that may post events, one a line.
	IntakeTokenFile string `koanf:"intake_token_file"`
}

// Log says how to log.
type Log struct {
	// Level is debug, info, warn or error.
	Level string `koanf:"level"`
	// Format is text or json.
	Format string `koanf:"format"`
}

// Default returns the configuration of a one-machine instance.
func Default() Config {
	return Config{
		Data:       "duban-data",
		Listen:     "127.0.0.1:8080",
		ClickHouse: ClickHouse{MaxMemoryMB: 6144},
		Kafka:      Kafka{Partitions: 4, Group: "duban-ingest", Retention: 90 * 24 * time.Hour},
		Store:      Store{MinFreeMB: 1024},
		Ingest:     Ingest{BatchRows: 200_000, BatchBytes: 96 << 20, BatchAge: time.Second},
		Supervise:  Supervise{DueMode: "end_of_day", OwnLimits: []string{}, Interval: 250 * time.Millisecond, LeaseTTL: 10 * time.Second},
		Notify:     defaultNotify(),
		// Below the promise of 450 MB with room for what the runtime cannot give
		// back at once.
		MemoryLimitMB: 320,
		Log:           Log{Level: "info", Format: "text"},
	}
}

// Validate joins every problem, each with its key.
func (c Config) Validate() error {
	var problems []error
	bad := func(key, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if c.Data == "" {
		bad("data", "name the folder of the instance")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		bad("listen", "%q is not HOST:PORT", c.Listen)
	} else if err := CheckLoopback(c.Listen); err != nil && len(c.Server.Hosts) == 0 {
		bad("server.hosts", "is needed with listen %s, which other machines can reach: name the hosts that this server answers to", c.Listen)
	}
	for i, h := range c.Server.Hosts {
		if !hostName.MatchString(h) && net.ParseIP(h) == nil {
			bad(fmt.Sprintf("server.hosts[%d]", i), "%q is not a host name or address without port", h)
		}
	}
	for i, p := range c.Server.Proxies {
		if _, err := netip.ParsePrefix(p); err != nil && net.ParseIP(p) == nil {
			bad(fmt.Sprintf("server.proxies[%d]", i), "%q is neither an address nor a network such as 10.0.0.0/8", p)
		}
	}
	if c.ClickHouse.DSN != "" && !strings.HasPrefix(c.ClickHouse.DSN, "clickhouse://") {
		bad("clickhouse.dsn", "want clickhouse://user:password@host:9000/database")
	}
	if c.ClickHouse.ReaderDSN != "" && !strings.HasPrefix(c.ClickHouse.ReaderDSN, "clickhouse://") {
		bad("clickhouse.reader_dsn", "want clickhouse://user:password@host:9000/database")
	}
	if c.ClickHouse.ReaderDSN != "" && c.ClickHouse.DSN == "" {
		bad("clickhouse.reader_dsn", "is for an outside server, and clickhouse.dsn is not given: the embedded one has a reader of its own")
	}
	if c.ClickHouse.DSN == "" && c.ClickHouse.MaxMemoryMB < 512 {
		bad("clickhouse.max_memory_mb", "%d is too little, the engine needs 512", c.ClickHouse.MaxMemoryMB)
	}
	if c.Store.MinFreeMB < 0 {
		bad("store.min_free_mb", "%d is negative, want megabytes or 0 for no limit", c.Store.MinFreeMB)
	}
	for i, b := range c.Kafka.Brokers {
		if _, _, err := net.SplitHostPort(b); err != nil {
			bad(fmt.Sprintf("kafka.brokers[%d]", i), "%q is not HOST:PORT", b)
		}
	}
	if r := c.Ingest.KeepRejected; r != 0 && r < time.Hour {
		bad("ingest.keep_rejected", "%s is too short, want an hour at least or 0 to keep the bytes", r)
	}
	if r := c.Kafka.Retention; r != 0 && r < time.Hour {
		bad("kafka.retention", "%s is too short, want an hour at least or 0 to keep everything", r)
	}
	if c.Kafka.Partitions < 1 || c.Kafka.Partitions > 1024 {
		bad("kafka.partitions", "%d is not between 1 and 1024", c.Kafka.Partitions)
	}
	switch c.Kafka.Mechanism {
	case "", "plain", "scram-sha-256", "scram-sha-512":
	default:
		bad("kafka.mechanism", "%q is not one of plain, scram-sha-256, scram-sha-512", c.Kafka.Mechanism)
	}
	if c.Kafka.Mechanism != "" && c.Kafka.PasswordFile == "" {
		bad("kafka.password_file", "is needed with kafka.mechanism")
	}
	if c.Ingest.BatchRows < 1 || c.Ingest.BatchRows > 1_000_000 {
		bad("ingest.batch_rows", "%d is not between 1 and 1000000", c.Ingest.BatchRows)
	}
	if c.Ingest.BatchBytes < 1<<20 {
		bad("ingest.batch_bytes", "%d is less than 1 MiB", c.Ingest.BatchBytes)
	}
	if c.Ingest.BatchAge <= 0 || c.Ingest.BatchAge > time.Minute {
		bad("ingest.batch_age", "%s is not between 0 and 1m", c.Ingest.BatchAge)
	}
	switch c.Supervise.DueMode {
	case "end_of_day", "close_of_business", "same_instant":
	default:
		bad("supervise.due_mode", "%q is not one of end_of_day, close_of_business, same_instant", c.Supervise.DueMode)
	}
	if c.Supervise.Interval < 10*time.Millisecond {
		bad("supervise.interval", "%s is shorter than 10ms", c.Supervise.Interval)
	}
	if c.Supervise.LeaseTTL < time.Second || c.Supervise.LeaseTTL > 10*time.Minute {
		bad("supervise.lease_ttl", "%s is not between 1s and 10m", c.Supervise.LeaseTTL)
	}
	if o := c.Supervise.ClockOffset; o < -24*time.Hour || o > 24*time.Hour {
		bad("supervise.clock_offset", "%s is more than a day; it is for drills only", o)
	}
	c.Notify.validate(bad)
	if c.MemoryLimitMB != 0 && c.MemoryLimitMB < 128 {
		bad("memory_limit_mb", "%d is too little, want 128 or more, or 0 for none", c.MemoryLimitMB)
	}
	switch c.Log.Level {
	case "debug", "info", "warn", "error":
	default:
		bad("log.level", "%q is not one of debug, info, warn, error", c.Log.Level)
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		bad("log.format", "%q is not one of text, json", c.Log.Format)
	}
	return errors.Join(problems...)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// CheckLoopback refuses an address that other machines can reach: as long as
// there is no user, whoever reaches the server sees everything.
func CheckLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT", address)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%q is not a loopback address (127.0.0.1, [::1] or localhost)", address)
	}
	return nil
}
