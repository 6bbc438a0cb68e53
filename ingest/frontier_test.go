package ingest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// A topic that was made anew ends before what was read from it: nothing may be
// concluded from what it holds, and it is said.
func TestATopicThatWasMadeAnewHoldsTheFrontier(t *testing.T) {
	r := newRig(t)
	stop := r.start(testConfig())
	for i := range 20 {
		key, value := caseEvent("C1", i, "")
		r.publish(event.TopicCases, key, value)
	}
	r.flush()
	r.settled()
	now := time.Now()
	f := NewFrontier(NewAuditor(r.kafka, r.db.Conn(), r.reg), func() time.Time { return now })
	at, err := f.Arrived(t.Context())
	require.NoError(t, err)
	require.Equal(t, now, at, "all that arrived is stored")
	stop()

	anew := rigOn(t, r.db) // another broker, with the same topics
	now = now.Add(time.Hour)
	f = NewFrontier(NewAuditor(anew.kafka, r.db.Conn(), r.reg), func() time.Time { return now })
	key, value := caseEvent("C1", 99, "")
	anew.publish(event.TopicCases, key, value)
	anew.flush()
	at, err = f.Arrived(t.Context())
	var rewound *RewoundError
	require.ErrorAs(t, err, &rewound)
	require.Equal(t, "case-events", rewound.Topic)
	require.EqualValues(t, 20, rewound.Ledger)
	require.EqualValues(t, 1, rewound.End)
	require.True(t, at.IsZero())
	require.ErrorContains(t, err, "made anew")
}
