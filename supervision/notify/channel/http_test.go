package channel_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

func instant() time.Time { return time.Unix(1_772_700_000, 0) }

func digest(t *testing.T) message.Message {
	t.Helper()
	m, err := message.Render(message.New("m1", instant(), "https://duban.example.org", []string{"alert:a:1"}, []message.Item{{
		Kind: "alert", ID: "a", RuleID: "R-DDL-04", RuleZh: "超法定时限", RuleEn: "Legal overdue", Severity: "red", State: "issued",
		OrgCode: "bureau", OrgZh: "住建局", OrgEn: "Housing Bureau", Subject: "C-1",
	}}))
	require.NoError(t, err)
	return m
}

// receiver starts an HTTPS server; hosts allow it.
func receiver(t *testing.T, handle http.HandlerFunc) (string, channel.Hosts) {
	t.Helper()
	srv := httptest.NewUnstartedServer(handle)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600))
	host := strings.TrimPrefix(srv.URL, "https://")
	return srv.URL, channel.Hosts{Allowed: []string{host}, Private: []string{host}, CAFile: ca}
}

const secret = "0123456789abcdef"

func send(t *testing.T, hosts channel.Hosts, target string) channel.Result {
	t.Helper()
	w, err := channel.NewWebhook(hosts, map[string]string{channel.DefaultSecret: secret}, instant)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	return w.Send(ctx, channel.Address{To: target}, digest(t))
}

func TestAnswersAreJudgedByTheirStatus(t *testing.T) {
	for status, want := range map[int]channel.Result{
		200: channel.OK(), 202: channel.OK(), 204: channel.OK(),
		302: {Outcome: channel.Permanent, Reason: channel.Redirected, Detail: "HTTP 302"},
		400: {Outcome: channel.Permanent, Reason: channel.Refused, Detail: "HTTP 400"},
		401: {Outcome: channel.Permanent, Reason: channel.AuthFailed, Detail: "HTTP 401"},
		404: {Outcome: channel.Permanent, Reason: channel.Refused, Detail: "HTTP 404"},
		408: {Outcome: channel.Retryable, Reason: channel.Busy, Detail: "HTTP 408"},
		429: {Outcome: channel.Retryable, Reason: channel.Busy, Detail: "HTTP 429"},
		500: {Outcome: channel.Retryable, Reason: channel.Busy, Detail: "HTTP 500"},
		503: {Outcome: channel.Retryable, Reason: channel.Busy, Detail: "HTTP 503"},
	} {
		calls := 0
		target, hosts := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		require.Equal(t, want, send(t, hosts, target), status)
		require.Equal(t, 1, calls, "a redirect is not followed")
	}
}

func TestHostsThatAreNotListedAndAddressesInsideAreRefused(t *testing.T) {
	calls := 0
	target, hosts := receiver(t, func(http.ResponseWriter, *http.Request) { calls++ })
	require.Equal(t, channel.HostNotAllowed, send(t, channel.Hosts{CAFile: hosts.CAFile}, target).Reason)
	hosts.Private = nil
	require.Equal(t, channel.PrivateAddress, send(t, hosts, target).Reason, "127.0.0.1 is listed, but not as private")
	named := strings.Replace(target, "127.0.0.1", "localhost", 1)
	hosts.Allowed = []string{strings.TrimPrefix(named, "https://")}
	require.Equal(t, channel.PrivateAddress, send(t, hosts, named).Reason, "a name that points inside is one too")
	for _, metadata := range []string{"169.254.169.254", "[fe80::1]", "0.0.0.0"} {
		all := channel.Hosts{Allowed: []string{metadata + ":443"}, Private: []string{metadata + ":443"}}
		require.Equal(t, channel.PrivateAddress, send(t, all, "https://"+metadata+"/").Reason, "never, whatever is listed")
	}
	for _, bad := range []string{"http://plain.example.org/", "https://user:password@example.org/", "ftp://x", "://"} {
		require.Equal(t, channel.BadAddress, send(t, hosts, bad).Reason, bad)
	}
	require.Zero(t, calls)
}

func TestAnUnknownCertificateIsRefused(t *testing.T) {
	target, hosts := receiver(t, func(http.ResponseWriter, *http.Request) {})
	hosts.CAFile = ""
	require.Equal(t, channel.Result{Outcome: channel.Permanent, Reason: channel.TLSFailed, Detail: "certificate not accepted"},
		send(t, hosts, target))
}

func TestSilenceIsATimeout(t *testing.T) {
	release := make(chan struct{})
	target, hosts := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	require.Equal(t, channel.Result{Outcome: channel.Retryable, Reason: channel.Timeout}, send(t, hosts, target))
}

func TestNobodyThereIsUnreachable(t *testing.T) {
	hosts := channel.Hosts{Allowed: []string{"127.0.0.1:1"}, Private: []string{"127.0.0.1:1"}}
	require.Equal(t, channel.Result{Outcome: channel.Retryable, Reason: channel.Unreachable}, send(t, hosts, "https://127.0.0.1:1/"))
}

func TestAReceiverCanTellOldForgedAndChangedMessages(t *testing.T) {
	var header http.Header
	var body []byte
	target, hosts := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
	})
	require.Equal(t, channel.OK(), send(t, hosts, target))
	require.NoError(t, channel.Verify(header, body, secret, instant().Add(channel.ReplayWindow)))
	require.ErrorIs(t, channel.Verify(header, body, secret, instant().Add(channel.ReplayWindow+time.Second)), channel.ErrTimestamp)
	require.ErrorIs(t, channel.Verify(header, append(body, ' '), secret, instant()), channel.ErrSignature)
	require.ErrorIs(t, channel.Verify(header, body, "another-secret-of-16", instant()), channel.ErrSignature)
	header.Set(channel.HeaderTimestamp, "1772700001")
	require.ErrorIs(t, channel.Verify(header, body, secret, instant()), channel.ErrSignature)
	require.Equal(t, "m1", header.Get(channel.HeaderMessage))
}

// The value is what printf '1772700000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef says.
func TestTheSignatureIsThatOfOtherTools(t *testing.T) {
	require.Equal(t, "v1=a4bd3444504a8ba69e213345ca108a86ef9ad02cc67c45c3a09bd35446e9d577",
		channel.Sign(secret, "1772700000", []byte(`{"a":1}`)))
}

func robot(t *testing.T, kind, answer string) (channel.Result, url.Values, map[string]any) {
	t.Helper()
	var query url.Values
	var body map[string]any
	target, hosts := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query()
		_ = json.NewDecoder(r.Body).Decode(&body)
		_, _ = io.WriteString(w, answer)
	})
	r, err := channel.NewRobot(kind, hosts,
		map[string]channel.RobotAccount{"room": {Kind: kind, URL: target + "/send?access_token=t", Secret: "SEC0"}}, instant)
	require.NoError(t, err)
	return r.Send(t.Context(), channel.Address{Robot: "room"}, digest(t)), query, body
}

// The signatures are those of openssl over what the vendors prescribe:
// DingTalk key SEC0, text "1772700000000\nSEC0"; Feishu key "1772700000\nSEC0", no text.
func TestRobotsAreSpokenToInTheirOwnWay(t *testing.T) {
	res, query, body := robot(t, "dingtalk", `{"errcode":0,"errmsg":"ok"}`)
	require.Equal(t, channel.OK(), res)
	require.Equal(t, "t", query.Get("access_token"))
	require.Equal(t, "1772700000000", query.Get("timestamp"))
	require.Equal(t, "2HEJJiIESH5wZ02qBwdZo8qAOyS1dATEkIS783yYHDI=", query.Get("sign"))
	require.Equal(t, "markdown", body["msgtype"])
	require.Contains(t, body["markdown"].(map[string]any)["text"], "超法定时限")

	res, _, body = robot(t, "feishu", `{"code":0,"msg":"success"}`)
	require.Equal(t, channel.OK(), res)
	require.Equal(t, "1772700000", body["timestamp"])
	require.Equal(t, "dfWneMl63et00zdQSNlaNFmOe1xPqo3j8lq6H6Olz/A=", body["sign"])
	require.Equal(t, "interactive", body["msg_type"])

	res, query, body = robot(t, "wecom", `{"errcode":0,"errmsg":"ok"}`)
	require.Equal(t, channel.OK(), res)
	require.Empty(t, query.Get("sign"))
	require.LessOrEqual(t, len(body["markdown"].(map[string]any)["content"].(string)), 4096)
}

func TestRobotsThatAnswer200MayStillHaveRefused(t *testing.T) {
	for answer, want := range map[string]channel.Outcome{
		`{"errcode":310000,"errmsg":"sign not match"}`:   channel.Permanent,
		`{"errcode":130101,"errmsg":"send too fast"}`:    channel.Retryable,
		`{"errcode":45009,"errmsg":"freq out of limit"}`: channel.Retryable,
		`{"code":19021,"msg":"sign match fail"}`:         channel.Permanent,
		`{"code":11232,"msg":"frequency limited"}`:       channel.Retryable,
		`<html>`: channel.Permanent,
		`{}`:     channel.Permanent,
	} {
		res, _, _ := robot(t, "dingtalk", answer)
		require.Equal(t, want, res.Outcome, answer)
		require.NotContains(t, res.Detail, "sign", "the vendor's text is not repeated")
	}
}

func TestFilesOfSecretsSayWhatIsWrongAndNotTheSecret(t *testing.T) {
	write := func(text string) string {
		p := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(p, []byte(text), 0o600))
		return p
	}
	got, err := channel.ReadSecrets(write("# office\ndefault 0123456789abcdef\n\noa fedcba9876543210\n"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"default": "0123456789abcdef", "oa": "fedcba9876543210"}, got)
	_, err = channel.ReadSecrets(write("default short-one\n"))
	require.ErrorContains(t, err, "line 1")
	require.NotContains(t, err.Error(), "short-one")
	robots, err := channel.ReadRobots(write("room:\n  kind: wecom\n  url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\n"))
	require.NoError(t, err)
	require.Len(t, robots, 1)
	_, err = channel.ReadRobots(write("room:\n  kind: dingtalk\n  url: https://oapi.dingtalk.com/robot/send?access_token=very-secret\n"))
	require.ErrorContains(t, err, "secret of its signature")
	require.NotContains(t, err.Error(), "very-secret")
}
