package event

import (
	"cmp"
	"maps"
	"slices"
)

// Topic is the name of a Kafka topic that carries facts of one kind.
type Topic string

// about is what everybody needs to know of the facts of a topic. The file of each kind of
// fact registers its own, by a package variable.
type about struct {
	// table holds the facts.
	table string
	// place is that in Topics, folded that in FoldOrder.
	place, folded int
	// states: the facts move states; those of other topics are read by rules about days and
	// by figures themselves.
	states bool
}

var topics = map[Topic]about{}

func register(t Topic, a about) struct{} {
	topics[t] = a
	return struct{}{}
}

// Topics lists every topic in a fixed order.
func Topics() []Topic { return sortedBy(func(a about) int { return a.place }) }

// FoldOrder lists every topic in the order in which they are folded: the catalogue before
// the cases that need it.
func FoldOrder() []Topic { return sortedBy(func(a about) int { return a.folded }) }

func sortedBy(key func(about) int) []Topic {
	return slices.SortedFunc(maps.Keys(topics), func(a, b Topic) int { return cmp.Compare(key(topics[a]), key(topics[b])) })
}

// Known reports whether t is one of Topics.
func (t Topic) Known() bool {
	_, ok := topics[t]
	return ok
}

// Table is the table that holds the facts of a topic; empty for one that is none of Topics.
func (t Topic) Table() string { return topics[t].table }

// MovesStates reports whether the facts of a topic move states.
func (t Topic) MovesStates() bool { return topics[t].states }

// PartitionKey is the Kafka message key of a fact: everything about one
// subject goes to one partition, so that its facts keep their order.
func PartitionKey(sourceSys, subject string) string { return sourceSys + "\x1f" + subject }
