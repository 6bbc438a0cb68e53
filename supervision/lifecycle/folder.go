package lifecycle

import (
	"duban/ingest/event"
	"duban/supervision/calendar"
)

// Folder folds subjects one after the other and reuses its memory. It is not
// safe for concurrent use: give every goroutine its own.
type Folder struct {
	// refused are flags of the first fact that came too late for the subject that is folded.
	refused flags
	// legal are the facts of the subject at hand that were in order by what was known before a correction.
	legal  map[string]struct{}
	items  ItemLookup
	cal    *calendar.Calendar
	policy Policy

	reader     *payloadReader
	resolver   resolver
	caseRank   map[event.CaseType]uint8
	ticketRank map[event.TicketType]uint8
	c          caseFold
	t          ticketFold
	past       []Snapshot
	// rounds counts what the fold looked at to work out dues: what tests of its growth read.
	rounds      int
	attributes  attributes
	ticketsPast []TicketSnapshot
}

// NewFolder returns a Folder. items may be nil: then the catalogue is empty.
func NewFolder(items ItemLookup, cal *calendar.Calendar, policy Policy) *Folder {
	if items == nil {
		items = noItems{}
	}
	f := &Folder{
		items: items, cal: cal, policy: policy,
		reader:     newPayloadReader(),
		caseRank:   map[event.CaseType]uint8{},
		ticketRank: map[event.TicketType]uint8{},
	}
	for i, t := range event.CaseTypes() {
		f.caseRank[t] = uint8(i)
	}
	for i, t := range event.TicketTypes() {
		f.ticketRank[t] = uint8(i)
	}
	f.c.f, f.t.f = f, f
	return f
}

// noItems is a catalogue that holds nothing.
type noItems struct{}

// Item implements ItemLookup.
func (noItems) Item(string, string, int32) (*event.Item, bool) { return nil, false }

// FoldCase folds the facts of one case. Use a Folder for many cases.
func FoldCase(facts []event.Case, items ItemLookup, cal *calendar.Calendar, policy Policy) CaseState {
	var out CaseState
	NewFolder(items, cal, policy).Case(facts, &out)
	return out
}

// Case folds the facts of one case into out, whose slices are reused. facts
// must not be empty, must belong to one subject, and is left as it is; out
// shares its strings.
func (f *Folder) Case(facts []event.Case, out *CaseState) {
	r := &f.resolver
	r.reset(len(facts))
	corrected := false
	for i := range facts {
		e := &facts[i]
		corrected = corrected || e.Type == event.Void || e.Type == event.Amend
		r.refs = append(r.refs, ref{
			idx: int32(i), rev: e.Revision, at: e.OccurredAt, saidAt: e.OccurredAt, seq: e.Seq,
			id: e.EventID, rank: f.rankOfCase(e.Type), content: e.Content, origin: e.Origin,
		})
	}
	r.dedupe(func(i, j int32) bool { return sameCaseClaim(&facts[i], &facts[j]) })
	if corrected {
		for k := range r.winners {
			e := &facts[r.winners[k].idx]
			if e.Type == event.Void || e.Type == event.Amend {
				f.addMod(k, e.Type == event.Void, e.Payload)
			}
		}
		r.orderMods()
	}
	out.reset()
	f.legal = nil
	if !r.needsPieces() {
		r.plain()
		f.c.fold(facts, out)
		return
	}
	f.past, f.legal = f.past[:0], map[string]struct{}{}
	for from, end := range r.pieces() {
		out.reset()
		f.c.fold(facts, out)
		f.past = appendPiece(f.past, out.History, from, end)
	}
	out.History = append(out.History[:0], f.past...)
}

// FoldTicket folds the facts of one ticket. Use a Folder for many tickets.
func FoldTicket(facts []event.Ticket, cal *calendar.Calendar, policy Policy) TicketState {
	var out TicketState
	NewFolder(nil, cal, policy).Ticket(facts, &out)
	return out
}

// Ticket folds the facts of one ticket into out; see Case.
func (f *Folder) Ticket(facts []event.Ticket, out *TicketState) {
	r := &f.resolver
	r.reset(len(facts))
	corrected := false
	for i := range facts {
		e := &facts[i]
		corrected = corrected || e.Type == event.TVoid || e.Type == event.TAmend
		rank, ok := f.ticketRank[e.Type]
		if !ok {
			rank = 255
		}
		r.refs = append(r.refs, ref{
			idx: int32(i), rev: e.Revision, at: e.OccurredAt, saidAt: e.OccurredAt, seq: e.Seq,
			id: e.EventID, rank: rank, content: e.Content, origin: e.Origin,
		})
	}
	r.dedupe(func(i, j int32) bool { return sameTicketClaim(&facts[i], &facts[j]) })
	if corrected {
		for k := range r.winners {
			e := &facts[r.winners[k].idx]
			if e.Type == event.TVoid || e.Type == event.TAmend {
				f.addMod(k, e.Type == event.TVoid, e.Payload)
			}
		}
		r.orderMods()
	}
	out.reset()
	f.legal = nil
	if !r.needsPieces() {
		r.plain()
		f.t.fold(facts, out)
		return
	}
	f.ticketsPast, f.legal = f.ticketsPast[:0], map[string]struct{}{}
	for from, end := range r.pieces() {
		out.reset()
		f.t.fold(facts, out)
		f.ticketsPast = appendPiece(f.ticketsPast, out.History, from, end)
	}
	out.History = append(out.History[:0], f.ticketsPast...)
}

// inOrder notes a fact that the life cycle allows, by what was known until a correction.
func (f *Folder) inOrder(id string) {
	if f.resolver.passing {
		f.legal[id] = struct{}{}
	}
}

// addMod reads what a void or an amend says.
func (f *Folder) addMod(winner int, void bool, body string) {
	var p payload
	f.reader.read(body, &p)
	w := &f.resolver.winners[winner]
	w.correction = true
	f.resolver.mods = append(f.resolver.mods, mod{ref: *w, winner: winner, void: void, target: p.target, setAt: p.setAt, setBody: p.setBody})
}

// payloadOf reads the payload of a fact with its amends on top.
func (f *Folder) payloadOf(body string, amends []int32, p *payload) {
	attributes := p.attributes[:0]
	*p = payload{attributes: attributes}
	f.reader.read(body, p)
	for _, i := range amends {
		f.reader.read(f.resolver.mods[i].setBody, p)
	}
}

func (f *Folder) rankOfCase(t event.CaseType) uint8 {
	if r, ok := f.caseRank[t]; ok {
		return r
	}
	return 255
}

// sameCaseClaim compares what two facts claim, without the order and the time
// of sending.
func sameCaseClaim(a, b *event.Case) bool {
	x, y := *a, *b
	x.Seq, x.EmittedAt, x.Origin = y.Seq, y.EmittedAt, y.Origin
	x.Identity, x.Content = y.Identity, y.Content
	return x == y
}

// sameTicketClaim is sameCaseClaim for tickets.
func sameTicketClaim(a, b *event.Ticket) bool {
	x, y := *a, *b
	x.Seq, x.EmittedAt, x.Origin = y.Seq, y.EmittedAt, y.Origin
	x.Identity, x.Content = y.Identity, y.Content
	return x == y
}
