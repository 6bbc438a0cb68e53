package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
	"duban/supervision/notify/channel"
)

const webhookSecret = "0123456789abcdef"

// receivers is a server of others, which takes test messages by path; conf is a configuration
// that may send to it.
func receivers(t *testing.T, dir string, taken func(path string, body []byte, signed error)) (address, conf string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		taken(r.URL.Path, body, channel.Verify(r.Header, body, webhookSecret, time.Now()))
		switch r.URL.Path {
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/robot":
			_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
		case "/muted":
			_, _ = io.WriteString(w, `{"errcode":310000,"errmsg":"sign not match"}`)
		}
	}))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	file := func(name, text string) string {
		p := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(p, []byte(text), 0o600))
		return p
	}
	ca := file("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})))
	host := strings.TrimPrefix(srv.URL, "https://")
	robots := file("robots.yaml", fmt.Sprintf("duty-room: {kind: dingtalk, url: %[1]s/robot, secret: s}\n"+
		"muted: {kind: dingtalk, url: %[1]s/muted, "+

		"secret: s}\n", srv.URL))
	secrets := file("secrets", "default "+webhookSecret+"\n")
	return srv.URL, file("duban.yaml", fmt.Sprintf("data: %s\nnotify:\n  robots_file: %s\n  webhook:\n    hosts: [%s]\n    "+
		"private_hosts: [%s]\n    ca_file: %s\n    secrets_file: %s\n", dir, robots, host, host, ca, secrets))
}

// A test message goes the way of a notice: signed, over TLS, and what the other side answers is
// told in words, with what to do. Its exit code says whether it arrived.
func TestATestMessageGoesTheWayOfANotice(t *testing.T) {
	dir := t.TempDir()
	type arrival struct {
		path   string
		signed error
	}
	var got []arrival
	var last []byte
	address, conf := receivers(t, dir, func(path string, body []byte, signed error) {
		got, last = append(got, arrival{path, signed}), body
	})
	for _, c := range []struct {
		channel string
		code    int
		out     string
		arrives string
	}{
		{"webhook:" + address + "/hook", 0, "✓ webhook    delivered in ", "/hook"},
		{"webhook:" + address + "/busy", exitProblems, "✗ webhook    busy HTTP 503: ", "/busy"},
		{"webhook:" + address + "/gone", exitProblems, "✗ webhook    refused HTTP 404: ", "/gone"},
		{"webhook:https://127.0.0.1:1/hook", exitProblems, "✗ webhook    host_not_allowed", ""},
		{"webhook:http://" + strings.TrimPrefix(address, "https://"), exitProblems, "✗ webhook    bad_address", ""},
		{"dingtalk:duty-room", 0, "✓ dingtalk   delivered in ", "/robot"},
		{"dingtalk:muted", exitProblems, "✗ dingtalk   ", "/muted"},
		{"dingtalk:nobody", exitProblems, "✗ dingtalk   not_configured", ""},
		{"wecom:duty-room", exitProblems, "✗ wecom      not_configured", ""},
		{"email:somebody@example.org", exitProblems, "✗ email      not_configured", ""},
	} {
		got = nil
		code, out, text := told(t, "notify", "test", "--config", conf, "--channel", c.channel)
		require.Equal(t, c.code, code, "%s\n%s%s", c.channel, out, text)
		require.Contains(t, out, c.out, c.channel)
		require.NotContains(t, out+text, webhookSecret, c.channel)
		if c.arrives == "" {
			require.Empty(t, got, c.channel)
			continue
		}
		require.Len(t, got, 1, c.channel)
		require.Equal(t, c.arrives, got[0].path)
		if strings.HasPrefix(c.channel, "webhook") {
			require.NoError(t, got[0].signed, "the receiver checks the signature")
			require.True(t, json.Valid(last))
			require.Contains(t, string(last), `"test":true`, "and sees that nothing has happened")
		}
	}
	code, out, _ := told(t, "notify", "test", "--config", conf, "--format", "json", "--channel", "webhook:"+address+"/busy")
	require.Equal(t, exitProblems, code)
	var outcomes []notifyOutcome
	require.NoError(t, json.Unmarshal([]byte(out), &outcomes), out)
	require.Len(t, outcomes, 1)
	require.Equal(t, []any{"webhook", false, true, "busy"},
		[]any{outcomes[0].Channel, outcomes[0].Delivered, outcomes[0].Retryable, outcomes[0].Reason})
	require.NotEmpty(t, outcomes[0].Advice)
}

// With --to the channels are those that the directory of organisations has for a person.
func TestATestMessageGoesToTheChannelsOfAPerson(t *testing.T) {
	dir := t.TempDir()
	paths := map[string]int{}
	address, conf := receivers(t, dir, func(path string, _ []byte, _ error) { paths[path]++ })
	db := storetest.New(t)
	enginetest.Insert(t, db, event.Organisation{SourceSys: "dir", EventID: "o1", OrgCode: "bureau", Name: "市局", RegionCode: "610800",
		ValidFrom: 1, Payload: fmt.Sprintf(`{"contacts":[{"user":"u-17","role":"handler","channels":[{"kind":"webhook","to":"%s/hook"},`+
			`{"kind":"dingtalk","robot":"duty-room"}]}]}`, address)})
	test := func(args ...string) (int, string, string) {
		return told(t, append([]string{"notify", "test", "--config", conf, "--clickhouse", db.DSN(), "--kafka", "127.0.0.1:1"}, args...)...)
	}
	code, out, text := test("--to", "u-17")
	require.Zero(t, code, out+text)
	require.Equal(t, map[string]int{"/hook": 1, "/robot": 1}, paths)
	require.Equal(t, 2, strings.Count(out, "✓"), out)
	code, out, text = test("--to", "u-17", "--channel", "dingtalk")
	require.Zero(t, code, out+text)
	require.Equal(t, map[string]int{"/hook": 1, "/robot": 2}, paths)
	code, _, text = test("--to", "u-17", "--channel", "email")
	require.Equal(t, exitFailed, code)
	require.Contains(t, text, `user "u-17" has no such channel that can be used`)
	code, _, text = test("--to", "u-18")
	require.Equal(t, exitFailed, code)
	require.Contains(t, text, `no organisation has a contact with user "u-18"`)
}
