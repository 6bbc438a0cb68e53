package config_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/config"
)

func TestLaterSourcesWin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "duban.yaml")
	require.NoError(t, os.WriteFile(path, []byte("ingest:\n  batch_rows: 5000\n  batch_age: 2s\nlog:\n  level: warn\n"), 0o600))
	c, err := config.Load(path, []string{"DUBAN_INGEST_BATCH_ROWS=6000", "DUBAN_KAFKA_BROKERS=a:1,b:2", "DUBAN_LOG_LEVEL=error"},
		map[string]any{"log.level": "debug"})
	require.NoError(t, err)
	require.Equal(t, 6000, c.Ingest.BatchRows, "the environment wins over the file")
	require.Equal(t, 2*time.Second, c.Ingest.BatchAge, "the file wins over the default")
	require.Equal(t, "debug", c.Log.Level, "a flag wins over the environment")
	require.Equal(t, []string{"a:1", "b:2"}, c.Kafka.Brokers)
}

func TestAnUnknownKeyIsRefusedWithItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "duban.yaml")
	require.NoError(t, os.WriteFile(path, []byte("ingest:\n  batch_row: 5000\n"), 0o600))
	_, err := config.Load(path, nil, nil)
	require.ErrorContains(t, err, "ingest.batch_row")
}

func TestEveryProblemIsNamedWithItsKey(t *testing.T) {
	_, err := config.Load("", nil, map[string]any{
		"listen": "nowhere", "server.hosts": []string{"duban.example:80"}, "server.proxies": []string{"10.0.0.0/99"},
		"supervise.due_mode": "never", "kafka.brokers": []string{"nowhere"},
	})
	require.ErrorContains(t, err, "listen: ")
	require.ErrorContains(t, err, "server.hosts[0]: ")
	require.ErrorContains(t, err, "server.proxies[0]: ")
	require.ErrorContains(t, err, "supervise.due_mode: ")
	require.ErrorContains(t, err, "kafka.brokers[0]: ")
}

func TestAnAddressThatOthersCanReachNeedsTheNamesItAnswersTo(t *testing.T) {
	_, err := config.Load("", nil, map[string]any{"listen": "0.0.0.0:8080"})
	require.ErrorContains(t, err, "server.hosts: is needed")
	c, err := config.Load("", []string{"DUBAN_SERVER_HOSTS=duban.example,10.1.2.3", "DUBAN_SERVER_PROXIES=10.0.0.0/8"},
		map[string]any{"listen": "0.0.0.0:8080"})
	require.NoError(t, err)
	require.Equal(t, []string{"duban.example", "10.1.2.3"}, c.Server.Hosts)
	require.Equal(t, []string{"10.0.0.0/8"}, c.Server.Proxies)
}

func TestLoopbackAddresses(t *testing.T) {
	for _, good := range []string{"127.0.0.1:0", "127.1.2.3:80", "[::1]:8080", "localhost:8080"} {
		require.NoError(t, config.CheckLoopback(good), good)
	}
	for _, bad := range []string{":8080", "0.0.0.0:80", "10.0.0.1:80", "[::]:80", "example.org:80", "127.0.0.1"} {
		require.Error(t, config.CheckLoopback(bad), bad)
	}
}

func TestNoticesAreCheckedKeyByKey(t *testing.T) {
	_, err := config.Load("", []string{"DUBAN_NOTIFY_WEBHOOK_HOSTS=oa.example.org,https://x/", "DUBAN_NOTIFY_QUIET_FROM=25:00",
		"DUBAN_NOTIFY_QUIET_TO=07:30"},
		map[string]any{
			"notify.base_url": "duban", "notify.smtp.host": "mail.example.org", "notify.smtp.tls": "none", "notify.smtp.username": "u",
			"notify.webhook.private_hosts": []string{"other.example.org"},
		})
	for _, key := range []string{"notify.base_url", "notify.quiet_from", "notify.smtp.tls", "notify.smtp.from", "notify.smtp.password_file",
		"notify.webhook.hosts[1]", "notify.webhook.private_hosts[0]", "notify.webhook.secrets_file"} {
		require.ErrorContains(t, err, key+": ")
	}
}
