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
	res, err := s.reg.Run(ctx, s.conn, "notify/directory", queries.Args{"day": at.In(lawzone.Zone).Format(time.DateOnly)})
	if err != nil {
		return nil, err
	}
	var orgs []Organisation
	var problems []Problem
	for _, m := range res.Maps() {
		o := Organisation{
			Code: m["org_code"].(string), Name: m["name"].(string), NameEN: m["name_en"].(string),
			Parent: m["parent_code"].(string), Region: m["region_code"].(string), RegionPath: m["region_path"].([]string),
		}
		var bad []Problem
		o.Contacts, bad = ParseContacts(o.Code, m["contacts"].(string))
		problems = append(problems, bad...)
		orgs = append(orgs, o)
	}
	if s.OnProblems != nil {
		s.OnProblems(problems)
	}
	return NewBook(orgs), nil
}
