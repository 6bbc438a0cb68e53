package ingest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
)

// broken is a line of a tally by its six numbers.
type sums struct{ received, stored, duplicate, rejected, pending, lost int64 }

func sumsOf(s TopicStatus) sums {
	return sums{s.Received, s.Stored, s.Duplicate, s.Rejected, s.Pending, s.Lost}
}

func kinds(s TopicStatus) []string {
	var out []string
	for _, p := range s.Problems {
		out = append(out, p.Kind)
	}
	return out
}

// received = stored + duplicate + rejected + pending + lost, from the broker's ends, the ledger of
// deliveries and the tables, which are counted apart. Each row is worked out by hand: in the first,
// of the offsets 0 to 99 the ledger has 0 to 79; of these 70 are facts (64 different ones, of which 60
// have an identity of their own: 6 repeated, 4 contradicting), 8 were refused, 2 hold no message; 20 wait.
func TestEveryMessageIsInOneColumn(t *testing.T) {
	const topic = event.TopicCases
	key := partitionKey{topic, 0}
	one := []source.Offsets{{End: 100}}
	whole := counted{stored: 64, facts: 64, identities: 60, kept: 8}
	row := ledgerRow{Topic: string(topic), NextOffset: 80, Entered: 80, Facts: 70, Rejected: 8, Skipped: 2}
	first := incarnations{key: {topicID: "A"}}
	here := source.TopicInfo{ID: "A", Partitions: 1}
	note := time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC)
	loss := func(kind string, from, until, n int64, known bool) Loss {
		return Loss{Topic: topic, Kind: kind, From: from, Until: until, Messages: n, NoticedAt: note, Acknowledged: known, place: from,
			placeEnd: until}
	}
	for _, c := range []struct {
		name     string
		view     topicView
		want     sums
		missing  int64
		unstored int64
		holds    bool
		problems []string
	}{
		{name: "all is accounted for", view: topicView{exists: true, info: here, offsets: one, rows: []ledgerRow{row}, all: first,
			counted: whole},
			want: sums{98, 60, 6, 12, 20, 0}, holds: true},
		{name: "nothing was read yet", view: topicView{exists: true, info: here, offsets: []source.Offsets{{Begin: 5, End: 12}}},
			want: sums{received: 7, pending: 7}, holds: true},
		{name: "no topic and nothing read", view: topicView{}, holds: true},
		{name: "two partitions, of which one was not read", view: topicView{exists: true, info: here, all: first, counted: whole,
			offsets: []source.Offsets{{End: 100}, {Partition: 1, End: 7}}, rows: []ledgerRow{row}},
			want: sums{105, 60, 6, 12, 27, 0}, holds: true},
		// Offsets 30 to 39 are in the ledger no more, and nobody says why.
		{name: "a hole", view: topicView{exists: true, info: here, offsets: one, all: first, counted: counted{stored: 54, facts: 54,
			identities: 50, kept: 8},
			rows: []ledgerRow{{NextOffset: 80, Entered: 70, Facts: 60, Rejected: 8, Skipped: 2}}},
			want: sums{98, 50, 6, 12, 20, 0}, missing: 10, problems: []string{"missing"}},
		// The broker dropped them before they were read: they are lost, by name.
		{name: "a loss that nobody took note of", view: topicView{exists: true, info: here, offsets: one, all: first,
			counted: counted{stored: 54, facts: 54, identities: 50, kept: 8}, losses: []Loss{loss(lossUnread, 30, 40, 10, false)},
			rows: []ledgerRow{{NextOffset: 80, Entered: 70, Facts: 60, Rejected: 8, Skipped: 2}}},
			want: sums{98, 50, 6, 12, 20, 10}, holds: true, problems: []string{"loss"}},
		{name: "a loss that was taken note of, told twice", view: topicView{exists: true, info: here, offsets: one, all: first,
			counted: counted{stored: 54, facts: 54, identities: 50, kept: 8},
			losses:  []Loss{loss(lossUnread, 30, 38, 8, true), loss(lossUnread, 33, 40, 7, true)},
			rows:    []ledgerRow{{NextOffset: 80, Entered: 70, Facts: 60, Rejected: 8, Skipped: 2}}},
			want: sums{98, 50, 6, 12, 20, 10}, holds: true},
		// The broker keeps from 90 on; the ledger ends at 80: ten are gone and not yet noticed.
		{name: "dropped and not noticed", view: topicView{exists: true, info: here, all: first, counted: whole,
			offsets: []source.Offsets{{Begin: 90, End: 100}}, rows: []ledgerRow{row}},
			want: sums{98, 60, 6, 12, 10, 10}, holds: true},
		{name: "facts that no table has", view: topicView{exists: true, info: here, offsets: one, rows: []ledgerRow{row}, all: first,
			counted: counted{stored: 61, facts: 64, identities: 60, kept: 7}},
			want: sums{98, 57, 6, 12, 20, 0}, unstored: 4, problems: []string{"unstored"}},
		{name: "facts that nobody has any more", view: topicView{exists: true, info: here, offsets: one, rows: []ledgerRow{row}, all: first,
			counted: counted{stored: 61, facts: 64, identities: 60, kept: 8}, losses: []Loss{loss(lossStored, 10, 20, 3, true)}},
			want: sums{98, 57, 6, 12, 20, 3}, holds: true},
		// Another topic of the same name: what was read stays read, all of the new one waits.
		{name: "made anew", view: topicView{exists: true, info: source.TopicInfo{ID: "B"}, offsets: []source.Offsets{{End: 5}}, all: first,
			rows: []ledgerRow{row}, counted: whole},
			want: sums{83, 60, 6, 12, 5, 0}, problems: []string{"topic_other"}},
		{name: "cut at the broker", view: topicView{exists: true, info: here, offsets: []source.Offsets{{End: 60}}, all: first,
			rows: []ledgerRow{row}, counted: whole},
			want: sums{138, 60, 6, 12, 60, 0}, problems: []string{"topic_rewound"}},
		{name: "gone", view: topicView{rows: []ledgerRow{row}, all: first, counted: whole},
			want: sums{78, 60, 6, 12, 0, 0}, problems: []string{"topic_gone"}},
	} {
		c.view.topic = topic
		s := tally(c.view)
		require.Equal(t, c.want, sumsOf(s), c.name)
		require.Equal(t, []int64{c.missing, c.unstored}, []int64{s.Missing, s.Unstored}, c.name)
		require.Equal(t, c.holds, s.IdentityHolds, "%s: %v", c.name, s.Problems)
		require.Equal(t, c.problems, kinds(s), c.name)
		require.Equal(t, c.holds && len(c.problems) == 0, s.OK(), c.name)
		for _, p := range s.Problems {
			require.Contains(t, p.Text, string(topic), c.name)
		}
	}
}

// The places of a topic that was made anew lie behind those of the one before, with room for what
// is still on its way; whoever counts what is folded counts both.
func TestPlacesOfATopicMadeAnewLieBehind(t *testing.T) {
	for end, want := range map[int64]int64{0: baseStep, 1: baseStep, baseStep - baseRoom: baseStep, baseStep - baseRoom + 1: 2 * baseStep,
		baseStep: 2 * baseStep} {
		require.Equal(t, want, nextBase(end), end)
	}
	const topic = event.TopicCases
	base := nextBase(80)
	key := partitionKey{topic, 0}
	s := tally(topicView{topic: topic, exists: true, info: source.TopicInfo{ID: "B"}, offsets: []source.Offsets{{End: 30}},
		all: incarnations{key: {number: 1, base: base, topicID: "B"}}, counted: counted{stored: 90, facts: 90, identities: 90},
		rows: []ledgerRow{{NextOffset: 80, Entered: 80, Facts: 80},
			{Base: uint64(base), FirstOffset: uint64(base), NextOffset: uint64(base) + 10, Entered: 10, Facts: 10}}})
	require.Equal(t, sums{received: 110, stored: 90, pending: 20}, sumsOf(s))
	require.True(t, s.OK(), s.Problems)
	require.Equal(t, 1, s.Incarnation)
	for next, want := range map[int64][2]int64{0: {0, 30}, 50: {50, 30}, base + 4: {84, 26}, base + 30: {90, 0}} {
		folded, lag := s.Folded(map[Partition]int64{{topic, 0}: next})
		require.Equal(t, want, [2]int64{folded, lag}, next)
	}
}

// What is lost is told by its place and its kind, in the zone of the law.
func TestALossIsToldByItsPlace(t *testing.T) {
	at := time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC)
	for kind, want := range map[string]string{
		lossUnread: "case-events/2: 5 messages from offset 10 to 14, the broker dropped them before they were read (noticed 2026-03-02 09:00:00)",
		lossStored: "case-events/2: 5 facts between offsets 10 and 15 were lost by the database, and the broker dropped them too",
		reasonMadeAnew: "case-events/2 was deleted and made anew after offset 10 was read (noticed 2026-03-02 09:00:00): " +
			"what it held beyond is not known",
		reasonRewound: "case-events/2 was cut at the broker or restored from an older copy after offset 10 was read " +
			"(noticed 2026-03-02 09:00:00): " +
			"what it held beyond is not known",
	} {
		require.Equal(t, want, Loss{Topic: event.TopicCases, Partition: 2, From: 10, Until: 15, Messages: 5, Kind: kind, NoticedAt: at}.String())
	}
	require.True(t, later(at, at.Add(time.Second)).After(at))
	require.Equal(t, at, later(at, time.Time{}))
}
