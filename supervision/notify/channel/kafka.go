package channel

import (
	"context"
	"errors"

	"duban/supervision/notify/message"
)

// Topic is where digests are published for other systems.
const Topic = "supervision-alerts"

// Publisher puts one message into Topic and returns when the broker has it.
type Publisher interface {
	PublishNotice(ctx context.Context, key, value []byte) error
}

// ErrPermanent marks errors of a Publisher that another attempt does not mend.
var ErrPermanent = errors.New("will not be taken")

// Kafka publishes the digest as JSON, keyed by the user that stands for the
// other system.
type Kafka struct{ publisher Publisher }

var _ Sender = (*Kafka)(nil)

// NewKafka prepares a sender.
func NewKafka(p Publisher) *Kafka { return &Kafka{p} }

// Send publishes m.
func (k *Kafka) Send(ctx context.Context, to Address, m message.Message) Result {
	err := k.publisher.PublishNotice(ctx, []byte(to.User), m.JSON)
	switch {
	case err == nil:
		return OK()
	case errors.Is(err, ErrPermanent):
		return refuse(TooLarge, "")
	}
	return network(err)
}
