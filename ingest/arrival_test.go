package ingest

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"duban/ingest/event"
	"duban/internal/store/storetest"
)

// producersBroker takes the producers' word for when a message arrived, whatever its
// topics say: as a Kafka whose topics were set to LogAppendTime after they were written.
func producersBroker(t *testing.T) *rig {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	r := rigWith(t, c.ListenAddrs()[0], storetest.New(t))
	require.NoError(t, r.kafka.EnsureTopics(t.Context(), event.Topics(), 4)) // with LogAppendTime
	return r
}

// A message whose time of arrival is its producer's word is not read, nor is anything
// behind it, unless the configuration takes that word.
func TestArrivalIsNotTheProducersWord(t *testing.T) {
	r, cfg := producersBroker(t), testConfig()
	cfg.ProducerTimes = false
	r.cases(0, 3)
	stop := r.start(cfg)
	time.Sleep(3 * time.Second)
	require.Zero(t, facts(t, r), "stored with the producer's arrival")
	stop()
	require.Equal(t, int64(3), r.status().Pending)

	cfg.ProducerTimes = true
	r.start(cfg)
	r.read(3)
}

// A topic that takes the producers' times keeps ingest from being ready until it is set
// to take the broker's.
func TestTopicsThatTakeTheProducersTimesAreNotRead(t *testing.T) {
	r, cfg := producersBroker(t), testConfig()
	cfg.ProducerTimes = false
	admin := &kafka.Client{Addr: kafka.TCP(r.addr)}
	set := func(value string) {
		t.Helper()
		res, err := admin.IncrementalAlterConfigs(t.Context(), &kafka.IncrementalAlterConfigsRequest{
			Resources: []kafka.IncrementalAlterConfigsRequestResource{{
				ResourceType: kafka.ResourceTypeTopic, ResourceName: string(event.TopicCases),
				Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: "message.timestamp.type", Value: value}},
			}},
		})
		require.NoError(t, err)
		for _, x := range res.Resources {
			require.NoError(t, x.Error)
		}
	}
	set("CreateTime")
	k := r.pipeline(cfg, prometheus.NewRegistry()).keeper
	what, err := k.prepare(t.Context())
	require.ErrorContains(t, err, string(event.TopicCases))
	require.ErrorContains(t, err, "LogAppendTime")
	require.ErrorContains(t, err, "kafka.producer_times")
	require.Contains(t, what, "topics")

	set("LogAppendTime")
	_, err = k.prepare(t.Context())
	require.NoError(t, err)
}
