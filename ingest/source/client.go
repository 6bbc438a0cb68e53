package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
)

// Security says how a connection to a broker is protected and who we are. The
// zero value is plain text without login.
type Security struct {
	// TLS turns on transport encryption; the files are optional PEM files.
	TLS        bool
	CAFile     string
	CertFile   string
	KeyFile    string
	ServerName string
	// Mechanism is empty, plain, scram-sha-256 or scram-sha-512.
	Mechanism string
	Username  string
	Password  string
}

// tlsConfig returns nil when TLS is off.
func (s Security) tlsConfig() (*tls.Config, error) {
	if !s.TLS {
		return nil, nil
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.ServerName}
	if s.CAFile != "" {
		pem, err := os.ReadFile(s.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read certificate authority of the broker: %w", err)
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read certificate authority of the broker: %s holds no PEM certificate", s.CAFile)
		}
	}
	if s.CertFile != "" || s.KeyFile != "" {
		pair, err := tls.LoadX509KeyPair(s.CertFile, s.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("read client certificate for the broker: %w", err)
		}
		cfg.Certificates = []tls.Certificate{pair}
	}
	return cfg, nil
}

func (s Security) mechanism() (sasl.Mechanism, error) {
	switch strings.ToLower(s.Mechanism) {
	case "":
		return nil, nil
	case "plain":
		return plain.Mechanism{Username: s.Username, Password: s.Password}, nil
	case "scram-sha-256":
		return scram.Mechanism(scram.SHA256, s.Username, s.Password)
	case "scram-sha-512":
		return scram.Mechanism(scram.SHA512, s.Username, s.Password)
	}
	return nil, fmt.Errorf("login mechanism %q of the broker is not one of plain, scram-sha-256, scram-sha-512", s.Mechanism)
}

// Client is a connection pool to one Kafka cluster. It is safe for concurrent
// use; Close ends its idle connections.
type Client struct {
	brokers   []string
	addr      net.Addr
	transport *kafka.Transport
	client    *kafka.Client
	dialer    *kafka.Dialer
}

// ErrNoBrokers says that no broker address was given.
var ErrNoBrokers = errors.New("no broker address given")

// NewClient prepares a pool; it does not connect. clientID names this process
// to the broker.
func NewClient(brokers []string, clientID string, sec Security) (*Client, error) {
	if len(brokers) == 0 {
		return nil, ErrNoBrokers
	}
	tlsCfg, err := sec.tlsConfig()
	if err != nil {
		return nil, err
	}
	mech, err := sec.mechanism()
	if err != nil {
		return nil, err
	}
	t := &kafka.Transport{
		ClientID:    clientID,
		DialTimeout: 5 * time.Second,
		IdleTimeout: 5 * time.Minute,
		MetadataTTL: 5 * time.Second,
		TLS:         tlsCfg,
		SASL:        mech,
	}
	addr := kafka.TCP(brokers...)
	return &Client{
		brokers:   brokers,
		addr:      addr,
		transport: t,
		client:    &kafka.Client{Addr: addr, Transport: t},
		dialer: &kafka.Dialer{
			ClientID: clientID, Timeout: 5 * time.Second, DualStack: true,
			TLS: tlsCfg, SASLMechanism: mech,
		},
	}, nil
}

// Close ends the idle connections of the pool.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Ping asks a broker for the layout of the cluster and returns the number of
// brokers in it.
func (c *Client) Ping(ctx context.Context) (int, error) {
	conn, err := c.dialer.DialContext(ctx, "tcp", c.brokers[0])
	for i := 1; err != nil && i < len(c.brokers); i++ {
		conn, err = c.dialer.DialContext(ctx, "tcp", c.brokers[i])
	}
	if err != nil {
		return 0, fmt.Errorf("connect to broker %s: %w", strings.Join(c.brokers, ","), err)
	}
	defer func() { _ = conn.Close() }()
	if d, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(d); err != nil {
			return 0, fmt.Errorf("set deadline on broker connection: %w", err)
		}
	}
	bs, err := conn.Brokers()
	if err != nil {
		return 0, fmt.Errorf("ask broker for the cluster: %w", err)
	}
	return len(bs), nil
}
