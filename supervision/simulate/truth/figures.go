package truth

import "duban/supervision/simulate/world"

// FigureLedger holds the figures of the period as of AsOf. Breakdowns leave
// out keys for which nothing happened.
type FigureLedger struct {
	Total Figures `json:"total"`
	// ByOrg is keyed by org_code.
	ByOrg map[string]*Figures `json:"by_org"`
	// ByRegion is keyed by region_code and holds the whole subtree.
	ByRegion map[string]*Figures `json:"by_region"`
	// ByItem is keyed by task_code, ByChannel by apply_channel, ByTicketChannel
	// by ticket_channel; ratings are not broken down by these.
	ByItem          map[string]*Figures `json:"by_item"`
	ByChannel       map[string]*Figures `json:"by_channel"`
	ByTicketChannel map[string]*Figures `json:"by_ticket_channel"`
	// ByMonth is keyed by month (2026-01). Each entry is what a question
	// for that month alone gives, asked at its end (or at AsOf when earlier).
	ByMonth map[string]*Figures `json:"by_month"`
	// ByMonthAsOf is what one question for the whole period, split by month and
	// asked at AsOf, gives: what happened is dated as it is known at AsOf, what
	// was open is judged at the end of each month.
	ByMonthAsOf map[string]*Figures `json:"by_month_as_of"`
}

// Ratio is a figure with its parts; Value is null when Denominator is 0.
type Ratio struct {
	Numerator   int64    `json:"numerator"`
	Denominator int64    `json:"denominator"`
	Value       *float64 `json:"value"`
}

func (r *Ratio) count(n, d bool) {
	r.Numerator += int64(world.One(n))
	r.Denominator += int64(world.One(d))
}

func (r *Ratio) add(o Ratio) {
	r.Numerator += o.Numerator
	r.Denominator += o.Denominator
}

func (r *Ratio) settle() {
	r.Value = nil
	if r.Denominator != 0 {
		v := float64(r.Numerator) / float64(r.Denominator)
		r.Value = &v
	}
}

// Figures are the indicators that the ledger knows (domain guide 5); test and
// secret subjects are in none of them.
type Figures struct {
	C01 int64 `json:"C01"` // cases applied for, by the application
	C02 int64 `json:"C02"` // cases accepted, by the office or by law, by the acceptance
	C03 int64 `json:"C03"` // cases finished, by the decision or, without one, the finish
	C04 int64 `json:"C04"` // cases that nothing has ended at the end
	C05 int64 `json:"C05"` // of these, past the promised due and not in an approved pause
	C07 Ratio `json:"C07"` // applied for online / applied for

	D01 Ratio `json:"D01"` // stopped by the promised due / stopped + open past it
	D03 Ratio `json:"D03"` // the same by the legal due
	D04 Ratio `json:"D04"` // stopped a working day or more before the promised due / stopped, immediate items out
	D08 Ratio `json:"D08"` // overdue / denominator of D01

	E01 Ratio `json:"E01"` // finished cases with a rating that is not a default / finished
	E02 Ratio `json:"E02"` // valid ratings with 3 to 5 stars / valid ratings
	E03 Ratio `json:"E03"` // 4 to 5 stars
	E04 Ratio `json:"E04"` // 1 to 2 stars
	E05 Ratio `json:"E05"` // sum of the scores 100, 80, 60, 30, 0 / valid ratings

	F01      int64 `json:"F01"`       // tickets received
	F01Valid int64 `json:"F01_valid"` // of these, neither invalid nor merged
	F06      Ratio `json:"F06"`       // replied by the due / replied + open past it, of dispatched tickets
	F07      Ratio `json:"F07"`       // closed / dispatched and due
}

func (f *Figures) add(o *Figures) {
	f.C01 += o.C01
	f.C02 += o.C02
	f.C03 += o.C03
	f.C04 += o.C04
	f.C05 += o.C05
	f.F01 += o.F01
	f.F01Valid += o.F01Valid
	mine, others := f.ratios(), o.ratios()
	for i := range mine {
		mine[i].add(*others[i])
	}
}

// settle fills in what follows from the counts.
func (f *Figures) settle() {
	f.D08 = Ratio{Numerator: f.D01.Denominator - f.D01.Numerator, Denominator: f.D01.Denominator}
	for _, r := range f.ratios() {
		r.settle()
	}
}

func (f *Figures) ratios() [12]*Ratio {
	return [12]*Ratio{
		&f.C07, &f.D01, &f.D03, &f.D04, &f.D08, &f.E01, &f.E02, &f.E03, &f.E04, &f.E05, &f.F06, &f.F07,
	}
}
