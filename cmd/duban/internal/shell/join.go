package shell

import (
	"context"
	"duban/cmd/duban/internal/stack"
	"duban/internal/config"
	"errors"
	"os"
)

// Join makes a stack over engines that run already; change may alter its
// configuration. Whoever calls it stops the stack.
func (c *Common) Join(ctx context.Context, change func(*config.Config) error) (*stack.Stack, error) {
	cl, err := c.Locate()
	if err != nil {
		return nil, err
	}
	if err := change(&cl.Cfg); err != nil {
		return nil, Usage(err)
	}
	s, err := stack.New(cl.Cfg, NewLogger(cl.Cfg.Log, os.Stderr), c.cmd.Root().Version)
	if err != nil {
		return nil, err
	}
	if err := s.Join(ctx, cl.Cfg.ClickHouse, cl.Brokers); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// LocateBroker is Locate where only the broker is needed: with --kafka no
// instance has to run.
func (c *Common) LocateBroker() (*Client, error) {
	cfg, err := c.Load(nil)
	if err != nil {
		return nil, err
	}
	if len(cfg.Kafka.Brokers) > 0 {
		return &Client{Cfg: cfg, Brokers: cfg.Kafka.Brokers}, nil
	}
	return c.Locate()
}
