package notify

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// Organisations is the directory in table organisations: payload key contacts
// of docs/supervision.md section 6.
type Organisations struct {
	conn queries.Conn
	reg  *queries.Registry
	// OnProblems is told what cannot be used, after each load; may be nil.
	OnProblems func([]Problem)
}

var _ Source = (*Organisations)(nil)

// NewOrganisations reads the directory over conn.
func NewOrganisations(conn queries.Conn, reg *queries.Registry) *Organisations {
	return &Organisations{conn: conn, reg: reg}
}

// Load reads the organisations in force on the local day of at.
func (s *Organisations) Load(ctx context.Context, at time.Time) (Directory, error) {
	rows, err := selectOrganisations.All(ctx, s.reg, s.conn, queries.Args{"day": at.In(lawzone.Zone).Format(time.DateOnly)})
	if err != nil {
		return nil, err
	}
	var orgs []Organisation
	var problems []Problem
	for _, r := range rows {
		o := Organisation{Code: r.Code, Name: r.Name, NameEN: r.NameEN, Parent: r.Parent, Region: r.Region, RegionPath: r.RegionPath}
		var bad []Problem
		o.Contacts, bad = ParseContacts(o.Code, r.Contacts)
		problems = append(problems, bad...)
		orgs = append(orgs, o)
	}
	if s.OnProblems != nil {
		s.OnProblems(problems)
	}
	return NewBook(orgs), nil
}
