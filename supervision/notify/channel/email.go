package channel

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"

	"duban/supervision/notify/message"
)

// SMTP is the mail server. TLS is always used and the certificate always
// checked.
type SMTP struct {
	Host string
	Port int
	// Implicit TLS from the first byte (port 465) instead of STARTTLS.
	Implicit bool
	CAFile   string
	// Username and Password log in; an empty name does not.
	Username, Password string
	// From is the sender, NAME <ADDRESS> or ADDRESS.
	From string
	// Helo is what we call ourselves; empty = the name of the machine.
	Helo    string
	Timeout time.Duration
}

// Email sends digests as HTML with plain text beside it.
type Email struct {
	cfg  SMTP
	opts []mail.Option
}

var _ Sender = (*Email)(nil)

// NewEmail prepares a sender; it does not connect.
func NewEmail(cfg SMTP) (*Email, error) {
	pool, err := certPool(cfg.CAFile)
	if err != nil {
		return nil, err
	}
	e := &Email{cfg: cfg, opts: []mail.Option{
		mail.WithPort(cfg.Port), mail.WithTimeout(cfg.Timeout), mail.WithTLSPolicy(mail.TLSMandatory),
		mail.WithTLSConfig(&tls.Config{RootCAs: pool, ServerName: cfg.Host, MinVersion: tls.VersionTLS12}),
	}}
	if cfg.Implicit {
		e.opts = append(e.opts, mail.WithSSL())
	}
	if cfg.Helo != "" {
		e.opts = append(e.opts, mail.WithHELO(cfg.Helo))
	}
	if cfg.Username != "" {
		e.opts = append(e.opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(cfg.Username), mail.WithPassword(cfg.Password))
	}
	if _, err := mail.NewClient(cfg.Host, e.opts...); err != nil {
		return nil, fmt.Errorf("prepare mail client: %w", err)
	}
	if err := mail.NewMsg().From(cfg.From); err != nil {
		return nil, fmt.Errorf("sender %q is not a mail address: want NAME <ADDRESS>", cfg.From)
	}
	return e, nil
}

// Send delivers m to one mail address. The Message-ID is made of the message
// id, so that a repeat is recognised by mail systems that look at it.
func (e *Email) Send(ctx context.Context, to Address, m message.Message) Result {
	msg := mail.NewMsg()
	if err := msg.From(e.cfg.From); err != nil {
		return refuse(NotConfigured, "sender is not a mail address")
	}
	if err := msg.To(to.To); err != nil {
		return refuse(BadAddress, "not a mail address")
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID + "@duban")
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader(HeaderMessage, m.ID)
	if m.PossibleRepeat {
		msg.SetGenHeader(HeaderRepeat, "1")
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	client, err := mail.NewClient(e.cfg.Host, e.opts...)
	if err != nil {
		return refuse(NotConfigured, "")
	}
	if err := client.DialWithContext(ctx); err != nil {
		return smtpResult(err)
	}
	err = client.Send(msg)
	// The message has been taken or not; how the connection ends says nothing
	// about it.
	_ = client.Close()
	if err != nil {
		return smtpResult(err)
	}
	return OK()
}

// smtpResult judges an error by the code of the server: 4xx may pass, 5xx will
// not.
func smtpResult(err error) Result {
	var send *mail.SendError
	if errors.As(err, &send) && send.ErrorCode() != 0 {
		detail := fmt.Sprintf("SMTP %d %s", send.ErrorCode(), send.EnhancedStatusCode())
		if send.ErrorCode() < 500 {
			return retry(Busy, detail)
		}
		return refuse(Refused, detail)
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		detail := fmt.Sprintf("SMTP %d", said.Code)
		switch {
		case said.Code < 500:
			return retry(Busy, detail)
		case said.Code == 530 || said.Code == 534 || said.Code == 535 || said.Code == 538:
			return refuse(AuthFailed, detail)
		}
		return refuse(Refused, detail)
	}
	// The library has no error of its own for it; the test of it would fail if the words change.
	if strings.Contains(err.Error(), "does not support STARTTLS") {
		return refuse(TLSFailed, "the server offers no STARTTLS")
	}
	if errors.Is(err, mail.ErrPlainAuthNotSupported) || errors.Is(err, mail.ErrNoSupportedAuthDiscovered) {
		return refuse(AuthFailed, "no common way to log in")
	}
	return network(err)
}
