package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/internal/broker/brokertest"
	"duban/internal/config"
	"duban/supervision/engine"
	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

func keep(t *testing.T, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(p, []byte(text), 0o600))
	return p
}

// Work of the hour is done a minute after the start and then every hour; what fails is told and tried
// again the next hour, and an end from outside ends it at once.
func TestHourlyWorkGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &Stack{log: slog.New(slog.NewTextHandler(&log, nil))}
		began := time.Now()
		var at []time.Duration
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- s.hourly("emptying", func(context.Context) error {
				at = append(at, time.Since(began))
				if len(at) == 1 {
					return errors.New("the disk is full")
				}
				return nil
			})(ctx)
		}()
		time.Sleep(3*time.Hour + 30*time.Minute)
		synctest.Wait()
		require.Equal(t, []time.Duration{time.Minute, 61 * time.Minute, 121 * time.Minute, 181 * time.Minute}, at)
		require.Contains(t, log.String(), `work=emptying error="the disk is full"`)
		stop()
		require.NoError(t, <-done)
		require.Len(t, at, 4)
	})
}

// Of channels there are those that are configured; what is wrong with one names its key, and no secret.
func TestChannelsAreThoseOfTheConfiguration(t *testing.T) {
	secrets := keep(t, "secrets", "# of the webhooks\ndefault 0123456789abcdef\n")
	robots := keep(t, "robots.yaml",
		"room: {kind: dingtalk, url: 'https://oapi.dingtalk.com/robot/send?access_token=hidden', secret: hidden}\n")
	for _, c := range []struct {
		name  string
		set   func(n *config.Notify)
		kinds []string
		err   string
	}{
		{"none", func(*config.Notify) {}, nil, ""},
		{"webhooks", func(n *config.Notify) { n.Webhook.SecretsFile = secrets }, []string{"webhook"}, ""},
		{"robots", func(n *config.Notify) { n.RobotsFile = robots }, []string{"dingtalk", "feishu", "wecom"}, ""},
		{"mail", func(n *config.Notify) {
			n.SMTP = config.NotifySMTP{Host: "mail.example.org", Port: 587, TLS: "starttls", From: "duban@example.org"}
		}, []string{"email"}, ""},
		{"no file of secrets", func(n *config.Notify) { n.Webhook.SecretsFile = "/nowhere" }, nil, "notify.webhook.secrets_file: "},
		{"a short secret", func(n *config.Notify) { n.Webhook.SecretsFile = keep(t, "s", "default hidden\n") }, nil,
			"the secret of default is shorter than 16 characters"},
		{"a name twice", func(n *config.Notify) {
			n.Webhook.SecretsFile = keep(t, "s", "a 0123456789abcdef\na 0123456789abcdef\n")
		}, nil,
			"line 2: a is there twice"},
		{"an authority that is none", func(n *config.Notify) { n.Webhook.SecretsFile, n.Webhook.CAFile = secrets, secrets }, nil,
			"notify.webhook: "},
		{"a robot of nobody", func(n *config.Notify) {
			n.RobotsFile = keep(t, "r", "room: {kind: pigeon, url: 'https://x/hidden', secret: hidden}\n")
		}, nil, "notify.robots_file: "},
		{"a robot without encryption", func(n *config.Notify) {
			n.RobotsFile = keep(t, "r", "room: {kind: wecom, url: 'http://x/hidden'}\n")
		}, nil, "want an https URL"},
		{"no password", func(n *config.Notify) {
			n.SMTP = config.NotifySMTP{Host: "mail.example.org", Port: 587, From: "duban@example.org", PasswordFile: "/nowhere"}
		}, nil, "notify.smtp: "},
	} {
		cfg := config.Default()
		cfg.Notify.Kafka = false
		c.set(&cfg.Notify)
		senders, stop, err := Senders(cfg, nil)
		if c.err != "" {
			require.ErrorContains(t, err, c.err, c.name)
			require.NotContains(t, err.Error(), "hidden", c.name)
			continue
		}
		require.NoError(t, err, c.name)
		require.Equal(t, c.kinds, slices.Sorted(maps.Keys(senders)), c.name)
		require.NoError(t, stop(), c.name)
	}
}

// Digests for other systems go to a topic, which is made when it is not there; the person is the key.
func TestNoticesForOtherSystemsGoToTheirTopic(t *testing.T) {
	cfg := config.Default()
	cfg.Notify.Kafka = true
	addr := brokertest.New(t)
	senders, stop, err := Senders(cfg, []string{addr})
	require.NoError(t, err)
	m, err := message.Render(message.New("m1", time.Unix(1_772_700_000, 0), "https://duban.example.org", []string{}, nil))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	res := senders.Send(ctx, "kafka", channel.Address{User: "u-17"}, m)
	require.Equal(t, channel.OK(), res)
	require.NoError(t, stop())
	client, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.ConsumeTopics(channel.Topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(t, err)
	defer client.Close()
	records := client.PollFetches(ctx).Records()
	require.Len(t, records, 1)
	require.Equal(t, "u-17", string(records[0].Key))
	require.JSONEq(t, string(m.JSON), string(records[0].Value))
}

// Links lead to where people reach the pages, else to where the server listens.
func TestLinksOfNoticesLeadToThePages(t *testing.T) {
	cfg := config.Default()
	cfg.Listen, cfg.Notify.Window, cfg.Notify.QuietFrom, cfg.Notify.QuietTo = "127.0.0.1:7000", 5*time.Minute, "22:00", "07:30"
	n := NotifyConfig(cfg)
	require.Equal(t, "http://127.0.0.1:7000", n.BaseURL)
	require.Equal(t, 5*time.Minute, n.Window)
	require.Equal(t, fmt.Sprintf("{%d %d}", 22*60, 7*60+30), fmt.Sprint(n.Quiet), "minutes of the day")
	cfg.Notify.BaseURL = "https://duban.example.gov.cn"
	require.Equal(t, "https://duban.example.gov.cn", NotifyConfig(cfg).BaseURL)
}

// The password of the broker is read from its file when it is needed, without the line's end.
func TestThePasswordOfTheBrokerStandsInAFile(t *testing.T) {
	k := config.Kafka{TLS: true, CAFile: "ca", CertFile: "cert", KeyFile: "key", ServerName: "kafka", Mechanism: "SCRAM-SHA-512",
		Username:     "duban",
		PasswordFile: keep(t, "password", "a-long-enough-secret-of-the-broker\n")}
	s, err := Security(k)
	require.NoError(t, err)
	require.Equal(t, "a-long-enough-secret-of-the-broker", s.Password)
	require.Equal(t, []any{true, "ca", "cert", "key", "kafka", "SCRAM-SHA-512", "duban"},
		[]any{s.TLS, s.CAFile, s.CertFile, s.KeyFile, s.ServerName, s.Mechanism, s.Username})
	k.PasswordFile = "/nowhere"
	_, err = Security(k)
	require.ErrorContains(t, err, "/nowhere")
	s, err = Security(config.Kafka{})
	require.NoError(t, err)
	require.Empty(t, s.Password)
}

// Of every table that rows can be lost of it is known what becomes of them: facts come back from the
// broker, states from the facts, what people did from a backup alone.
func TestWhatBecomesOfLostRowsIsKnown(t *testing.T) {
	r := remedies()
	for _, table := range []string{"case_events", "ticket_events", "ratings", "items", "organisations", "actions", "measurements",
		"deliveries",
		"ingest_rejects"} {
		require.Contains(t, r[table], "read again from the broker", table)
	}
	require.NotEmpty(t, engine.DerivedTables())
	for _, table := range engine.DerivedTables() {
		require.Contains(t, r[table], "folded again from the facts", table)
	}
	for _, table := range []string{"work_items", "work_events", "alerts", "alert_events", "notices", "action_results"} {
		require.Contains(t, r[table], "restore it from a backup", table)
	}
	require.Contains(t, r[""], "restore it from a backup", "of a table that nobody named")
	cfg := config.Default()
	cfg.Store.MinFreeMB = 3
	require.Equal(t, uint64(3<<20), MinFree(cfg))
}
