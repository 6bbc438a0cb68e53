package source

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"duban/ingest/event"
)

// A broker that was just told of a topic, or that takes it over from another one, says
// for a moment that it is not the leader: that is waited for.
func TestOffsetsAreAskedForAgainWhileLeadersMove(t *testing.T) {
	const notLeader = 6
	b, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(4, string(event.TopicCases)))
	require.NoError(t, err)
	t.Cleanup(b.Close)
	var asked atomic.Int64
	b.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		if asked.Add(1) > 3 {
			return nil, nil, false
		}
		in := req.(*kmsg.ListOffsetsRequest)
		res := in.ResponseKind().(*kmsg.ListOffsetsResponse)
		for _, t := range in.Topics {
			out := kmsg.NewListOffsetsResponseTopic()
			out.Topic = t.Topic
			for _, p := range t.Partitions {
				x := kmsg.NewListOffsetsResponseTopicPartition()
				x.Partition, x.ErrorCode = p.Partition, notLeader
				out.Partitions = append(out.Partitions, x)
			}
			res.Topics = append(res.Topics, out)
		}
		return res, nil, true
	})
	c := client(t, b.ListenAddrs()[0])
	offsets, err := c.Offsets(t.Context(), []event.Topic{event.TopicCases})
	require.NoError(t, err)
	require.Len(t, offsets[event.TopicCases], 4)
	asked.Store(0)
	_, err = c.Held(t.Context(), offsets)
	require.NoError(t, err)
}
