package stack

import (
	"context"
	"sync"
	"time"

	"duban/dashboards/actions"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/config"
)

// actionJournal records what people do, signed, in topic actions. The publisher is
// made when somebody acts for the first time.
type actionJournal struct {
	cfg     config.Config
	brokers []string
	client  string
	// room says that the disk is full; may be nil.
	room func() error

	once sync.Once
	pub  *source.KafkaPublisher
	key  []byte // that actions are signed with
	err  error
}

// NewJournal is for one who records now and then; client names it to the broker.
func NewJournal(cfg config.Config, brokers []string, client string) *actionJournal {
	return &actionJournal{cfg: cfg, brokers: brokers, client: client}
}

var _ actions.Journal = (*actionJournal)(nil)

// Ready implements actions.Journal.
func (j *actionJournal) Ready() error {
	if j.once.Do(j.open); j.err != nil {
		return j.err
	}
	if j.room != nil {
		return j.room()
	}
	return nil
}

func (j *actionJournal) open() {
	sec, err := Security(j.cfg.Kafka)
	if err == nil {
		j.key, err = ActionKey(j.cfg)
	}
	if err == nil {
		j.pub, err = source.NewPublisher(j.brokers, source.PublisherOptions{ClientID: j.client, Security: sec,
			Linger: 5 * time.Millisecond})
	}
	j.err = err
}

// Record implements actions.Journal.
func (j *actionJournal) Record(ctx context.Context, s actions.Subject, message []byte) error {
	signed, err := decode.SignAction(j.key, message)
	if err != nil {
		return err
	}
	a := event.Action{SubjectKind: s.Kind, SubjectID: s.ID}
	return j.pub.Publish(ctx, event.TopicActions, []byte(a.Key()), signed)
}

// Flush implements actions.Journal.
func (j *actionJournal) Flush(ctx context.Context) error { return j.pub.Flush(ctx) }

// Close gives the publisher back; nothing can be recorded after it.
func (j *actionJournal) Close() error {
	j.once.Do(func() { j.err = source.ErrClosed }) // nothing is opened any more
	if j.pub == nil {
		return nil
	}
	return j.pub.Close()
}
