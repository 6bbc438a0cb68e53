// Package broker runs an embedded broker that speaks the Kafka protocol and
// keeps its topics on disk, for one-machine use and for tests. A production
// deployment points at Apache Kafka instead; nothing else changes.
package broker

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Config says where the broker keeps its data and how topics are made.
type Config struct {
	// Dir holds the topics; empty keeps them in memory.
	Dir string
	// Port is the loopback port; 0 takes the one used before with this Dir,
	// or a free one.
	Port int
	// Topics are created when missing.
	Topics []string
	// Partitions per created topic; 0 means 4.
	Partitions int32
	// Full refuses messages while it returns an error, as there is no room for them;
	// may be nil.
	Full func() error
	// Sync forces every acknowledged batch to the disk (survives a power
	// cut); without it a batch survives the end of the process only.
	Sync bool
	// Log is told what the broker finds wrong, such as a segment that it has to
	// cut; nil drops it.
	Log *slog.Logger
}

// Broker is a running embedded broker.
type Broker struct {
	cluster *kfake.Cluster
	lock    *os.File
	dir     string
	topics  []string
}

// Start runs a broker. A second broker on the same Dir is refused.
func Start(cfg Config) (*Broker, error) {
	b := &Broker{dir: cfg.Dir, topics: cfg.Topics}
	if cfg.Partitions == 0 {
		cfg.Partitions = 4
	}
	if cfg.Dir != "" {
		if err := b.acquire(cfg.Dir); err != nil {
			return nil, err
		}
		if cfg.Port == 0 {
			cfg.Port = rememberedPort(cfg.Dir)
		}
	}
	if cfg.Port == 0 {
		port, err := freePort()
		if err != nil {
			return nil, errors.Join(err, b.release())
		}
		cfg.Port = port
	}
	opts := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.Ports(cfg.Port), // binds 127.0.0.1
		kfake.ListenFn(listen),
		kfake.SeedTopics(cfg.Partitions, cfg.Topics...),
		kfake.BrokerConfigs(map[string]string{
			// Asked of a broker whose senders are of this machine: the library leaves the time
			// of a message to its sender all the same.
			"log.message.timestamp.type": "LogAppendTime",
			"message.max.bytes":          "16777216",
			// What is dropped leaves the disk with the last message of its segment, so they are
			// small and end after a day.
			"log.segment.bytes": "33554432",
			"log.roll.ms":       "86400000",
			// Duban drops what it has stored, see DropTo; the broker by itself nothing.
			"log.retention.ms": "-1",
		}),
	}
	if cfg.Log != nil {
		opts = append(opts, kfake.WithLogger(logger{cfg.Log}))
	}
	if cfg.Dir != "" {
		opts = append(opts, kfake.DataDir(filepath.Join(cfg.Dir, "log")))
	}
	if cfg.Sync {
		opts = append(opts, kfake.SyncWrites())
	}
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start embedded broker on port %d: %w", cfg.Port, err), b.release())
	}
	b.cluster = cluster
	if cfg.Full != nil {
		b.refuseWhile(cfg.Full)
	}
	if cfg.Dir != "" {
		b.tellOfLosses(cfg)
		if err := os.WriteFile(filepath.Join(cfg.Dir, "port"), []byte(strconv.Itoa(cfg.Port)), 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("remember broker port: %w", err), b.Close())
		}
	}
	return b, nil
}

// storageError is Kafka's code for a broker whose disk does not take a message.
const storageError = 56

// refuseWhile answers producers with a storage error while full returns an error: what
// a disk takes only in part is worse than what it does not take.
func (b *Broker) refuseWhile(full func() error) {
	b.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		b.cluster.KeepControl()
		why := full()
		produce, ok := req.(*kmsg.ProduceRequest)
		if why == nil || !ok {
			return nil, nil, false
		}
		text := why.Error()
		res := produce.ResponseKind().(*kmsg.ProduceResponse)
		for _, t := range produce.Topics {
			out := kmsg.NewProduceResponseTopic()
			out.Topic, out.TopicID = t.Topic, t.TopicID
			for _, p := range t.Partitions {
				part := kmsg.NewProduceResponseTopicPartition()
				part.Partition, part.ErrorCode, part.ErrorMessage = p.Partition, storageError, &text
				out.Partitions = append(out.Partitions, part)
			}
			res.Topics = append(res.Topics, out)
		}
		return res, nil, true
	})
}

// Addr is the bootstrap address.
func (b *Broker) Addr() string { return b.cluster.ListenAddrs()[0] }

// Close stops the broker after its data is on disk.
func (b *Broker) Close() error {
	if b.cluster != nil {
		ends := b.ends()
		b.cluster.Close()
		b.cluster = nil
		if b.dir != "" {
			_ = writeEnds(b.dir, ends) // a help for the next start, no more
		}
	}
	return b.release()
}

func (b *Broker) acquire(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create broker folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open broker lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return fmt.Errorf("another process already runs the broker in %s", dir)
	}
	b.lock = f
	return nil
}

func (b *Broker) release() error {
	if b.lock == nil {
		return nil
	}
	f := b.lock
	b.lock = nil
	return f.Close()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port for the broker: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// rememberedPort is the port of the last run if it is free now: clients that
// know the address keep working over a restart.
func rememberedPort(dir string) int {
	text, err := os.ReadFile(filepath.Join(dir, "port"))
	if err != nil {
		return 0
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0
	}
	_ = l.Close()
	return port
}
