package channel

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"

	"duban/supervision/notify/message"
)

// Outcome is what became of an attempt.
type Outcome uint8

// The outcomes.
const (
	// Delivered: the other side has taken the message.
	Delivered Outcome = iota + 1
	// Retryable: it may work later.
	Retryable
	// Permanent: it will not work until somebody changes something.
	Permanent
)

// Reason says why a message was not delivered; stored and shown, a bounded set.
type Reason string

// The reasons.
const (
	Timeout        Reason = "timeout"
	Unreachable    Reason = "unreachable"
	Interrupted    Reason = "interrupted" // the connection broke while it was used
	TLSFailed      Reason = "tls_failed"
	AuthFailed     Reason = "auth_failed"
	Busy           Reason = "busy"       // SMTP 4xx, HTTP 429 or 5xx, the vendor's "too many"
	Refused        Reason = "refused"    // SMTP 5xx, HTTP 4xx, the vendor's "no"
	Redirected     Reason = "redirected" // redirects are not followed
	HostNotAllowed Reason = "host_not_allowed"
	PrivateAddress Reason = "private_address"
	BadAddress     Reason = "bad_address"
	NotConfigured  Reason = "not_configured"
	TooLarge       Reason = "too_large"
)

// Result is the outcome of one attempt.
type Result struct {
	Outcome Outcome
	Reason  Reason
	// Detail is what the other side said, in short: a status code. It holds no
	// address and no text of others.
	Detail string
}

// OK is the result of a delivery.
func OK() Result { return Result{Outcome: Delivered} }

func retry(r Reason, detail string) Result { return Result{Retryable, r, detail} }

func refuse(r Reason, detail string) Result { return Result{Permanent, r, detail} }

// Address is where a message goes.
type Address struct {
	// User is the person, key of the Kafka message.
	User string
	// To, Robot and Secret are those of the directory.
	To, Robot, Secret string
}

// Sender is one kind of channel. Send returns within the time of ctx. It is
// safe for concurrent use.
type Sender interface {
	Send(ctx context.Context, to Address, m message.Message) Result
}

// Senders are the channels by kind.
type Senders map[string]Sender

// Send uses the channel of a kind; one that is not configured is a permanent
// result.
func (s Senders) Send(ctx context.Context, kind string, to Address, m message.Message) Result {
	sender := s[kind]
	if sender == nil {
		return refuse(NotConfigured, "")
	}
	return sender.Send(ctx, to, m)
}

// network turns an error of the network into a result.
func network(err error) Result {
	var host hostError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.As(err, &host):
		return refuse(host.reason, "")
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		return refuse(TLSFailed, "certificate not accepted")
	case errors.As(err, &op) && op.Op == "dial": // nothing can have been delivered, also when the time ran out
		return retry(Unreachable, "")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return retry(Timeout, "")
	}
	return retry(Interrupted, "")
}
