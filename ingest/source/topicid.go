package source

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"duban/ingest/event"
)

// TopicInfo is what a broker says of a topic.
type TopicInfo struct {
	// ID is the topic's own identifier as Kafka prints it: a topic that was
	// deleted and made anew has another. Empty when the broker is older than 2.8.
	ID         string
	Partitions int
}

// Describe asks a broker for the topics, never creating one; a topic that the
// broker does not know is absent. It asks the broker itself, not what the
// client remembers of the cluster.
func (c *Client) Describe(ctx context.Context, topics []event.Topic) (map[event.Topic]TopicInfo, error) {
	res, err := c.transport.RoundTrip(ctx, c.addr, &describeRequest{topics: topics})
	if err != nil {
		return nil, fmt.Errorf("ask broker for the topics: %w", err)
	}
	out := res.(*describeResponse)
	if !out.tooOld {
		return out.topics, nil
	}
	out.topics = map[event.Topic]TopicInfo{}
	for _, t := range topics {
		n, err := c.Partitions(ctx, t)
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out.topics[t] = TopicInfo{Partitions: n}
	}
	return out.topics, nil
}

// describeRequest is version 10 of Metadata, the first that tells the
// identifiers of topics; kafka-go ends at version 8. The connection, routing,
// encryption and login stay kafka-go's.
type describeRequest struct{ topics []event.Topic }

type describeResponse struct {
	topics map[event.Topic]TopicInfo
	tooOld bool
}

var _ protocol.RawExchanger = (*describeRequest)(nil)

const describeVersion, apiVersions = 10, 18

// ApiKey names the request to kafka-go.
func (r *describeRequest) ApiKey() protocol.ApiKey { return protocol.Metadata } //nolint:revive // of kafka-go

// Required says that the exchange below is always ours.
func (r *describeRequest) Required(map[protocol.ApiKey]int16) bool { return true }

// ApiKey names the response to kafka-go.
func (r *describeResponse) ApiKey() protocol.ApiKey { return protocol.Metadata } //nolint:revive // of kafka-go

// RawExchange asks for the versions that the broker speaks, then for the topics.
func (r *describeRequest) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	answer, err := exchange(rw, header1(apiVersions, 0))
	if err != nil {
		return nil, err
	}
	if !speaks(answer) {
		return &describeResponse{tooOld: true}, nil
	}
	if answer, err = exchange(rw, r.encode()); err != nil {
		return nil, err
	}
	return decodeDescribe(answer)
}

// header1 begins a request with the header of version 1.
func header1(key, version uint16) []byte {
	be := binary.BigEndian
	b := make([]byte, 4, 256)
	b = be.AppendUint16(b, key)
	b = be.AppendUint16(b, version)
	b = be.AppendUint32(b, 1)
	return appendString(b, "duban")
}

func exchange(rw io.ReadWriter, request []byte) (*wire, error) {
	binary.BigEndian.PutUint32(request, uint32(len(request)-4)) //nolint:gosec // a few hundred bytes
	if _, err := rw.Write(request); err != nil {
		return nil, err
	}
	var head [4]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n < 4 || n > 16<<20 {
		return nil, fmt.Errorf("broker announces an answer of %d bytes", n)
	}
	buf := make([]byte, n)
	if _, err := io.ReadFull(rw, buf); err != nil {
		return nil, err
	}
	w := &wire{b: buf}
	w.i32() // correlation id
	return w, nil
}

// speaks reads an answer to ApiVersions.
func speaks(w *wire) bool {
	w.i16() // error
	for range w.i32() {
		key, least, most := w.i16(), w.i16(), w.i16()
		if w.short {
			return false
		}
		if key == int16(protocol.Metadata) {
			return least <= describeVersion && most >= describeVersion
		}
	}
	return false
}

func (r *describeRequest) encode() []byte {
	b := header1(uint16(protocol.Metadata), describeVersion)
	b = append(b, 0) // no tags
	b = binary.AppendUvarint(b, uint64(len(r.topics)+1))
	for _, t := range r.topics {
		b = append(b, make([]byte, 16)...) // asked for by name
		b = binary.AppendUvarint(b, uint64(len(t)+1))
		b = append(append(b, t...), 0)
	}
	return append(b, 0, 0, 0, 0) // create none, no authorised operations, no tags
}

// Fields of the flexible versions.
func (w *wire) uvarint() int {
	v, n := binary.Uvarint(w.b)
	if n <= 0 || v > 1<<30 {
		w.b, w.short = nil, true
		return 0
	}
	w.b = w.b[n:]
	return int(v) //nolint:gosec // bounded above
}

// length is that of a compact string or array; none for null.
func (w *wire) length() int { return max(0, w.uvarint()-1) }

func (w *wire) tags() {
	for range w.uvarint() {
		w.uvarint()
		w.take(w.uvarint())
		if w.short {
			return
		}
	}
}

func decodeDescribe(w *wire) (*describeResponse, error) {
	w.tags()
	w.i32() // throttle
	for range w.length() {
		w.i32()
		w.take(w.length())
		w.i32()
		w.take(w.length())
		w.tags()
		if w.short {
			break
		}
	}
	w.take(w.length()) // cluster
	w.i32()            // controller
	out := &describeResponse{topics: map[event.Topic]TopicInfo{}}
	for range w.length() {
		code := w.i16()
		name := event.Topic(w.take(w.length()))
		id := w.take(16)
		w.take(1)
		n := w.length()
		for range n {
			w.take(2 + 4 + 4 + 4)
			for range 3 {
				w.take(4 * w.length())
			}
			w.tags()
			if w.short {
				break
			}
		}
		w.i32()
		w.tags()
		if w.short {
			return nil, errors.New("broker's answer to Metadata is cut off")
		}
		switch kafka.Error(code) {
		case 0:
			out.topics[name] = TopicInfo{ID: base64.RawURLEncoding.EncodeToString(id), Partitions: n}
		case kafka.UnknownTopicOrPartition:
		default:
			return nil, fmt.Errorf("ask broker for topic %s: %w", name, kafka.Error(code))
		}
	}
	if w.short {
		return nil, errors.New("broker's answer to Metadata is cut off")
	}
	return out, nil
}
