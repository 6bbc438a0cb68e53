package sink

// rejects is the table of messages that are no facts.
type rejects struct {
	topic, reason                   words
	partition                       u32
	offset                          u64
	field, detail, source, key, raw text
	receivedAt, storedAt            instant
}

func (t *rejects) columns() []named {
	return []named{
		{"topic", &t.topic}, {"partition", &t.partition}, {"offset", &t.offset}, {"reason", &t.reason},
		{"field", &t.field}, {"detail", &t.detail}, {"source_sys", &t.source}, {"key", &t.key},
		{"raw", &t.raw}, {"received_at", &t.receivedAt}, {"stored_at", &t.storedAt},
	}
}

// Outcomes of a delivery, the values of the Enum8.
const (
	outcomeFact     = 1
	outcomeRejected = 2
	outcomeSkipped  = 3
)

// deliveries is the ledger: one row per message of a topic.
type deliveries struct {
	topic, source, kind  words
	partition            u32
	offset               u64
	outcome              i8
	subject              text
	identity             u128
	content              u64
	receivedAt, storedAt instant
}

func (t *deliveries) columns() []named {
	return []named{
		{"topic", &t.topic}, {"partition", &t.partition}, {"offset", &t.offset}, {"outcome", &t.outcome},
		{"source_sys", &t.source}, {"subject_kind", &t.kind}, {"subject", &t.subject},
		{"identity", &t.identity}, {"content", &t.content}, {"received_at", &t.receivedAt},
		{"stored_at", &t.storedAt},
	}
}

func (t *deliveries) add(topic string, partition int32, offset int64, outcome int8, source, kind, subject string, identity [2]uint64,
	content uint64, receivedAt int64) {
	t.topic.add(topic)
	t.partition.add(uint32(partition))
	t.offset.add(uint64(offset))
	t.outcome.add(outcome)
	t.source.add(source)
	t.kind.add(kind)
	t.subject.add(subject)
	t.identity.add(identity)
	t.content.add(content)
	t.receivedAt.add(receivedAt)
}

// refuse turns the delivery of row i from a fact into a reject.
func (t *deliveries) refuse(i int) {
	t.outcome.ColInt8[i] = outcomeRejected
	t.source.blank(i)
	t.kind.blank(i)
	t.subject.blank(i)
	t.identity.ColUInt128[i].High, t.identity.ColUInt128[i].Low = 0, 0
	t.content.ColUInt64[i] = 0
}
