package notify

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/queries"
	"duban/supervision/notify/channel"
)

// Config is how notices are made and sent.
type Config struct {
	Policy
	// BaseURL is where the pages are, for links.
	BaseURL string
	// MaxAge is how long after it happened somebody is told of something;
	// what is older, such as history that was loaded, is counted only. What
	// could not be sent for that long is given up.
	MaxAge time.Duration
	// Interval is the least time between two rounds that look into the tables.
	Interval time.Duration
	// Timeout bounds one attempt to send.
	Timeout time.Duration
	// Attempts is how often a message is tried.
	Attempts int
	// Parallel is how many messages are sent at once.
	Parallel int
}

// DefaultConfig returns what a jurisdiction may change.
func DefaultConfig() Config {
	return Config{
		Policy:   Policy{Window: 5 * time.Minute},
		BaseURL:  "http://127.0.0.1:8080",
		MaxAge:   7 * 24 * time.Hour,
		Interval: 5 * time.Second,
		Timeout:  15 * time.Second,
		Attempts: 8,
		Parallel: 8,
	}
}

// Validate joins every problem, each with its key.
func (c Config) Validate() error {
	var problems []error
	bad := func(key, format string, args ...any) {
		problems = append(problems, fmt.Errorf("notify.%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if c.Window < time.Second || c.Window > 24*time.Hour {
		bad("window", "%s is not between 1s and 24h", c.Window)
	}
	if u, err := url.Parse(c.BaseURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		bad("base_url", "want the http or https URL under which people reach the pages")
	}
	if c.MaxAge < time.Hour {
		bad("max_age", "%s is shorter than 1h", c.MaxAge)
	}
	if c.Timeout < time.Second || c.Timeout > time.Minute {
		bad("timeout", "%s is not between 1s and 1m", c.Timeout)
	}
	if c.Attempts < 1 || c.Attempts > 100 {
		bad("attempts", "%d is not between 1 and 100", c.Attempts)
	}
	if c.Parallel < 1 || c.Parallel > 100 {
		bad("parallel", "%d is not between 1 and 100", c.Parallel)
	}
	return errors.Join(problems...)
}

// grace is after how long without news a process that was sending is taken
// for dead.
func (c Config) grace() time.Duration { return 2*c.Timeout + 10*time.Second }

// Deps are what a notifier works with.
type Deps struct {
	Conn    queries.Conn
	Queries *queries.Registry
	// Directory says who is to be told, NewOrganisations for example.
	Directory Source
	Senders   channel.Senders
	// Rules names a rule in Chinese and English, empty when it does not know
	// it; may be nil.
	Rules   func(id string) (zh, en string)
	Log     *slog.Logger
	Metrics prometheus.Registerer
	Now     func() time.Time
}
