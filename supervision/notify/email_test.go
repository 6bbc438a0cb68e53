package notify_test

import (
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

func letter(t *testing.T) message.Message {
	t.Helper()
	m, err := message.Render(message.New("m1", at("09:00:00"), "https://duban.example.org", nil,
		[]message.Item{{Kind: "order", ID: "o1", State: "issued"}}))
	require.NoError(t, err)
	return m
}

func TestMailIsJudgedByTheCodeOfTheServer(t *testing.T) {
	office := newPostOffice(t)
	office.answer = func(to string) error {
		switch to {
		case "full@example.org":
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full of full@example.org"}
		case "gone@example.org":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no gone@example.org"}
		}
		return nil
	}
	s := office.sender(t)
	for to, want := range map[string]channel.Result{
		"good@example.org": channel.OK(),
		"full@example.org": {Outcome: channel.Retryable, Reason: channel.Busy, Detail: "SMTP 452 4.2.2"},
		"gone@example.org": {Outcome: channel.Permanent, Reason: channel.Refused, Detail: "SMTP 550 5.1.1"},
		"not an address":   {Outcome: channel.Permanent, Reason: channel.BadAddress, Detail: "not a mail address"},
	} {
		require.Equal(t, want, s.Send(t.Context(), channel.Address{To: to}, letter(t)), to)
	}
	require.Len(t, office.mails(), 1)
}

func TestMailGoesToACheckedServerOverTLSOnly(t *testing.T) {
	office := newPostOffice(t)
	try := func(change func(*channel.SMTP)) channel.Result {
		cfg := office.config
		change(&cfg)
		e, err := channel.NewEmail(cfg)
		require.NoError(t, err)
		return e.Send(t.Context(), channel.Address{To: "a@example.org"}, letter(t))
	}
	require.Equal(t, channel.TLSFailed, try(func(c *channel.SMTP) { c.CAFile = "" }).Reason, "an authority that is not known")
	require.Equal(t, channel.AuthFailed, try(func(c *channel.SMTP) { c.Password = "wrong" }).Reason)
	require.Equal(t, channel.Result{Outcome: channel.Retryable, Reason: channel.Unreachable},
		try(func(c *channel.SMTP) { c.Port = 1; c.Timeout = time.Second }))

	plain := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{o: office, in: true}, nil }))
	plain.Domain, plain.ErrorLog = "localhost", discard{}
	port := listen(t, plain)
	res := try(func(c *channel.SMTP) { c.Port, c.Username = port, "" })
	require.Equal(t, channel.Result{Outcome: channel.Permanent, Reason: channel.TLSFailed, Detail: "the server offers no STARTTLS"}, res)
	require.Empty(t, office.mails())
}
