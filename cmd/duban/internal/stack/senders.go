package stack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/supervision/notify"
	"duban/supervision/notify/channel"
)

// NotifyConfig is how notices are made and sent; links point to where the
// server listens when the configuration names no base URL.
func NotifyConfig(cfg config.Config) notify.Config {
	c, n := notify.DefaultConfig(), cfg.Notify
	c.BaseURL = n.BaseURL
	if c.BaseURL == "" {
		c.BaseURL = "http://" + cfg.Listen
	}
	c.Window, c.MaxAge, c.Interval, c.Timeout, c.Attempts, c.Parallel = n.Window, n.MaxAge, n.Interval, n.Timeout, n.Attempts, n.Parallel
	c.Quiet, _ = notify.ParseQuiet(n.QuietFrom, n.QuietTo) // validated before
	return c
}

// Senders prepares the channels that are configured; stop ends them.
func Senders(cfg config.Config, brokers []string) (channel.Senders, func() error, error) {
	n, senders, stop := cfg.Notify, channel.Senders{}, func() error { return nil }
	if n.SMTP.Host != "" {
		s, err := newEmail(n)
		if err != nil {
			return nil, nil, fmt.Errorf("notify.smtp: %w", err)
		}
		senders["email"] = s
	}
	hosts := channel.Hosts{Allowed: n.Webhook.Hosts, Private: n.Webhook.PrivateHosts, CAFile: n.Webhook.CAFile}
	if n.Webhook.SecretsFile != "" {
		secrets, err := channel.ReadSecrets(n.Webhook.SecretsFile)
		if err != nil {
			return nil, nil, fmt.Errorf("notify.webhook.secrets_file: %w", err)
		}
		if senders["webhook"], err = channel.NewWebhook(hosts, secrets, time.Now); err != nil {
			return nil, nil, fmt.Errorf("notify.webhook: %w", err)
		}
	}
	if n.RobotsFile != "" {
		robots, err := channel.ReadRobots(n.RobotsFile)
		if err != nil {
			return nil, nil, fmt.Errorf("notify.robots_file: %w", err)
		}
		for _, kind := range channel.RobotKinds() {
			if senders[kind], err = channel.NewRobot(kind, hosts, robots, time.Now); err != nil {
				return nil, nil, fmt.Errorf("notify.robots_file: %w", err)
			}
		}
	}
	if n.Kafka {
		p, err := newTopicPublisher(cfg.Kafka, brokers)
		if err != nil {
			return nil, nil, fmt.Errorf("notify.kafka: %w", err)
		}
		senders["kafka"], stop = channel.NewKafka(p), p.close
	}
	return senders, stop, nil
}

func newEmail(n config.Notify) (channel.Sender, error) {
	s := channel.SMTP{
		Host: n.SMTP.Host, Port: n.SMTP.Port, Implicit: n.SMTP.TLS == "implicit", CAFile: n.SMTP.CAFile, Username: n.SMTP.Username,
		From: n.SMTP.From, Helo: n.SMTP.Helo, Timeout: n.Timeout,
	}
	if n.SMTP.PasswordFile != "" {
		password, err := instance.Secret("", "smtp-password", n.SMTP.PasswordFile)
		if err != nil {
			return nil, err
		}
		s.Password = string(password)
	}
	return channel.NewEmail(s)
}

// topicPublisher puts digests into the topic for other systems; it makes the
// topic when it is not there.
type topicPublisher struct {
	publisher  *source.KafkaPublisher
	client     *source.Client
	partitions int
	mu         sync.Mutex
	ready      bool
}

func newTopicPublisher(k config.Kafka, brokers []string) (*topicPublisher, error) {
	sec, err := Security(k)
	if err != nil {
		return nil, err
	}
	client, err := source.NewClient(brokers, "duban-notify", sec)
	if err != nil {
		return nil, err
	}
	p, err := source.NewPublisher(brokers, source.PublisherOptions{ClientID: "duban-notify", Security: sec, RetryFor: 10 * time.Second})
	if err != nil {
		client.Close()
		return nil, err
	}
	return &topicPublisher{publisher: p, client: client, partitions: k.Partitions}, nil
}

// PublishNotice returns when the broker has the message.
func (p *topicPublisher) PublishNotice(ctx context.Context, key, value []byte) error {
	if err := p.ensure(ctx); err != nil {
		return err
	}
	err := p.publisher.PublishAll(ctx, event.Topic(channel.Topic), []source.Message{{Key: key, Value: value}})
	if errors.Is(err, source.ErrTooLarge) {
		return errors.Join(channel.ErrPermanent, err)
	}
	return err
}

func (p *topicPublisher) ensure(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready {
		return nil
	}
	if err := p.client.EnsureTopics(ctx, []event.Topic{event.Topic(channel.Topic)}, p.partitions); err != nil {
		return err
	}
	p.ready = true
	return nil
}

func (p *topicPublisher) close() error {
	err := p.publisher.Close()
	p.client.Close()
	return err
}
