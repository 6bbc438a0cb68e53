package event

// Fact is one immutable event of a source, of any topic.
type Fact interface {
	// Filing says where the fact belongs; see Filing.
	Filing() Filing
}

// Filing is what the ledger of deliveries keeps of a fact.
type Filing struct {
	Origin *Origin
	// Source owns the subject: of a rating the system of what is rated; of an action, which no
	// source system owns the subject of, the one that sent it.
	Source string
	// Kind is case, ticket, rating, item, org, measurement or the kind that an action is about;
	// Subject is its number or code.
	Kind, Subject string
	// Identity is the hash of source, event and revision, Content that of what is claimed.
	Identity [2]uint64
	Content  uint64
	// Owner stands before the subject in the message key: the source, of an action the kind.
	Owner string
}

// Key is the message key of the fact; see PartitionKey.
func (f *Filing) Key() string { return PartitionKey(f.Owner, f.Subject) }

func filing(o *Origin, source, kind, subject string, identity [2]uint64, content uint64) Filing {
	return Filing{o, source, kind, subject, identity, content, source}
}
