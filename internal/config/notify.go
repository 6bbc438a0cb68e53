package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Notify says how people are told of alerts.
type Notify struct {
	Enabled bool `koanf:"enabled"`
	// BaseURL is where people reach the pages, for links in messages; empty =
	// the address that the server listens on.
	BaseURL string `koanf:"base_url"`
	// Window is for how long events are gathered into one message.
	Window time.Duration `koanf:"window"`
	// QuietFrom and QuietTo (local HH:MM) hold back all but red cards from
	// people who give no hours of their own; empty = none.
	QuietFrom string `koanf:"quiet_from"`
	QuietTo   string `koanf:"quiet_to"`
	// MaxAge is how old something may be for anybody to be told of it.
	MaxAge   time.Duration `koanf:"max_age"`
	Interval time.Duration `koanf:"interval"`
	Timeout  time.Duration `koanf:"timeout"`
	Attempts int           `koanf:"attempts"`
	Parallel int           `koanf:"parallel"`
	SMTP     NotifySMTP    `koanf:"smtp"`
	Webhook  NotifyHTTP    `koanf:"webhook"`
	// RobotsFile names the robots of group chats (YAML).
	RobotsFile string `koanf:"robots_file"`
	// Kafka publishes to topic supervision-alerts those digests whose contact
	// has a channel of kind kafka.
	Kafka bool `koanf:"kafka"`
}

// NotifySMTP is the mail server; an empty host turns e-mail off.
type NotifySMTP struct {
	Host string `koanf:"host"`
	Port int    `koanf:"port"`
	// TLS is starttls or implicit.
	TLS          string `koanf:"tls"`
	CAFile       string `koanf:"ca_file"`
	Username     string `koanf:"username"`
	PasswordFile string `koanf:"password_file"`
	From         string `koanf:"from"`
	Helo         string `koanf:"helo"`
}

// NotifyHTTP is where webhooks may go and what signs them; no secrets file
// turns webhooks off.
type NotifyHTTP struct {
	Hosts        []string `koanf:"hosts"`
	PrivateHosts []string `koanf:"private_hosts"`
	SecretsFile  string   `koanf:"secrets_file"`
	CAFile       string   `koanf:"ca_file"`
}

func defaultNotify() Notify {
	return Notify{
		Enabled: true, Window: 5 * time.Minute, MaxAge: 7 * 24 * time.Hour, Interval: 5 * time.Second, Timeout: 15 * time.Second,
		Attempts: 8, Parallel: 8, SMTP: NotifySMTP{Port: 587, TLS: "starttls"},
	}
}

func (n Notify) validate(bad func(key, format string, args ...any)) {
	if n.BaseURL != "" {
		if u, err := url.Parse(n.BaseURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			bad("notify.base_url", "want the http or https URL under which people reach the pages")
		}
	}
	between := func(key string, d, low, high time.Duration) {
		if d < low || d > high {
			bad("notify."+key, "%s is not between %s and %s", d, low, high)
		}
	}
	between("window", n.Window, time.Second, 24*time.Hour)
	between("max_age", n.MaxAge, time.Hour, 366*24*time.Hour)
	between("interval", n.Interval, 100*time.Millisecond, 10*time.Minute)
	between("timeout", n.Timeout, time.Second, time.Minute)
	if (n.QuietFrom == "") != (n.QuietTo == "") {
		bad("notify.quiet_from", "give both quiet_from and quiet_to, or none")
	}
	for key, s := range map[string]string{"notify.quiet_from": n.QuietFrom, "notify.quiet_to": n.QuietTo} {
		if _, err := time.Parse("15:04", s); s != "" && err != nil {
			bad(key, "%q is not a local time HH:MM", s)
		}
	}
	if n.Attempts < 1 || n.Attempts > 100 {
		bad("notify.attempts", "%d is not between 1 and 100", n.Attempts)
	}
	if n.Parallel < 1 || n.Parallel > 100 {
		bad("notify.parallel", "%d is not between 1 and 100", n.Parallel)
	}
	n.SMTP.validate(bad)
	n.Webhook.validate(bad)
}

func (s NotifySMTP) validate(bad func(key, format string, args ...any)) {
	if s.Host == "" {
		return
	}
	if s.Port < 1 || s.Port > 65535 {
		bad("notify.smtp.port", "%d is not a port", s.Port)
	}
	if s.TLS != "starttls" && s.TLS != "implicit" {
		bad("notify.smtp.tls", "%q is not one of starttls, implicit; without TLS no mail is sent", s.TLS)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		bad("notify.smtp.from", "want the sender, NAME <ADDRESS> or ADDRESS")
	}
	if (s.Username == "") != (s.PasswordFile == "") {
		bad("notify.smtp.password_file", "give both username and password_file, or none")
	}
}

func (h NotifyHTTP) validate(bad func(key, format string, args ...any)) {
	for i, host := range h.Hosts {
		if host == "" || strings.ContainsAny(host, "/@*? ") {
			bad(fmt.Sprintf("notify.webhook.hosts[%d]", i), "want HOST or HOST:PORT, without scheme, path or wildcard")
		}
	}
	for i, host := range h.PrivateHosts {
		if !slices.Contains(h.Hosts, host) {
			bad(fmt.Sprintf("notify.webhook.private_hosts[%d]", i), "%q is not in notify.webhook.hosts", host)
		}
	}
	if len(h.Hosts) > 0 && h.SecretsFile == "" {
		bad("notify.webhook.secrets_file", "is needed with notify.webhook.hosts: every webhook is signed")
	}
}
