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

// Filing files a case event under its case.
func (c *Case) Filing() Filing {
	return filing(&c.Origin, c.SourceSys, "case", c.CaseNo, c.Identity, c.Content)
}

// Filing files a ticket event under its ticket.
func (t *Ticket) Filing() Filing {
	return filing(&t.Origin, t.SourceSys, "ticket", t.TicketNo, t.Identity, t.Content)
}

// Filing files a rating under the subject that is rated.
func (r *Rating) Filing() Filing {
	kind, sys, no := r.Subject()
	return filing(&r.Origin, sys, kind, no, r.Identity, r.Content)
}

// Filing files a version of a service item under the item.
func (i *Item) Filing() Filing {
	return filing(&i.Origin, i.SourceSys, "item", i.TaskCode, i.Identity, i.Content)
}

// Filing files a version of an organisation under the organisation.
func (o *Organisation) Filing() Filing {
	return filing(&o.Origin, o.SourceSys, "org", o.OrgCode, o.Identity, o.Content)
}

// Filing files an action under the subject acted on.
func (a *Action) Filing() Filing {
	f := filing(&a.Origin, a.SourceSys, a.SubjectKind, a.SubjectID, a.Identity, a.Content)
	f.Owner = a.SubjectKind
	return f
}

// Filing files a measurement under its name.
func (m *Measurement) Filing() Filing {
	return filing(&m.Origin, m.SourceSys, "measurement", m.Name, m.Identity, m.Content)
}

func filing(o *Origin, source, kind, subject string, identity [2]uint64, content uint64) Filing {
	return Filing{o, source, kind, subject, identity, content, source}
}
