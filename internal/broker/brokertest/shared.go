package brokertest

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"duban/ingest/event"
)

// mark is the topic by which a broker is known as one that tests may empty.
const mark = "duban-tests-may-empty-this-broker"

// claim refuses a broker that has topics of the product which no test made: to empty
// it would lose what it holds.
func (b *Broker) claim() error {
	b.t.Helper()
	mine, others := false, ""
	for _, t := range b.topics() {
		mine = mine || *t.Topic == mark
		if event.Topic(*t.Topic).Known() {
			others = *t.Topic
		}
	}
	switch {
	case mine:
	case others != "":
		return fmt.Errorf("broker %s holds topic %s, which no test made and tests would delete: give them a broker of their own", b.addr, others)
	default:
		b.create(mark, 1)
		b.eventually("it is marked as one of the tests", func() bool { return b.count(mark) == 1 })
	}
	return nil
}

// empty removes the topics of the product and the groups of the tests before.
func (b *Broker) empty() {
	b.t.Helper()
	for _, topic := range event.Topics() {
		if b.count(string(topic)) >= 0 {
			b.remove(string(topic))
		}
	}
	for _, topic := range event.Topics() {
		b.eventually("topic "+string(topic)+" is gone", func() bool { return b.count(string(topic)) < 0 })
	}
	list, groups := kmsg.NewPtrListGroupsRequest(), []string(nil)
	b.request(list, func(res kmsg.Response) error {
		for _, g := range res.(*kmsg.ListGroupsResponse).Groups {
			groups = append(groups, g.Group)
		}
		return nil
	})
	if len(groups) == 0 {
		return
	}
	drop := kmsg.NewPtrDeleteGroupsRequest()
	drop.Groups = groups
	b.eventually("the groups of the test before are gone", func() bool {
		left := false
		b.request(drop, func(res kmsg.Response) error {
			for _, g := range res.(*kmsg.DeleteGroupsResponse).Groups {
				err := kerr.ErrorForCode(g.ErrorCode)
				left = left || err != nil && err != kerr.GroupIDNotFound //nolint:errorlint // kerr has plain values
			}
			return nil
		})
		return !left // one whose members were killed, until their session ends
	})
}
