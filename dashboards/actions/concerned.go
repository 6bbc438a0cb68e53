package actions

import (
	"context"

	"duban/dashboards/access"
	"duban/queries"
)

// The kinds of what is read besides those that the machines have.
const (
	kindAlert   = "alert"
	kindOutage  = "outage"
	kindHotline = "hotline" // an alert that is one of the hotline
	kindOrg     = "org"     // of the directory
)

// ref names a subject without what was seen of it.
type ref struct{ kind, id string }

// targets are the organisations that subjects concern, with their regions.
type targets map[ref][]access.Target

// named are the organisations that a new piece of work names; one that the
// directory does not know is in no scope.
func (t targets) named(c Command) []access.Target {
	var out []access.Target
	for _, org := range namedOrgs(c) {
		if at := t[ref{kindOrg, org}]; len(at) > 0 {
			out = append(out, at...)
		} else {
			out = append(out, access.Target{})
		}
	}
	return out
}

var (
	selectAlerts = queries.Select[struct {
		ID       string `ch:"alert_id"`
		Secret   string `ch:"secret"`
		Category string `ch:"category"`
		Org      string `ch:"org_code"`
		Region   string `ch:"region_code"`
	}]("work/alerts_of", "seq", "state", "severity", "rule_id", "rule_version", "subject_kind", "source_sys", "subject_no", "assignee",
		"feedback_due", "appeal_until", "raised_at", "closed_at")
	selectItems = queries.Select[struct {
		Kind      string   `ch:"kind"`
		ID        string   `ch:"id"`
		Origin    string   `ch:"origin"`
		Org       string   `ch:"org_code"`
		Region    string   `ch:"region_code"`
		CoOrgs    []string `ch:"co_orgs"`
		CoRegions []string `ch:"co_regions"`
		Data      string   `ch:"data"`
	}]("work/items_of", "seq", "state", "level", "subjects", "alerts", "round", "extended", "assignee", "opened_at", "due_at",
		"final_due_at", "stopped_at", "closed_at", "updated_at")
	selectOrgs = queries.Select[struct {
		Code   string `ch:"org_code"`
		Region string `ch:"region_code"`
	}]("page/org_names", "name", "name_en", "parent_code")
)

// concerned reads whom the subjects of commands concern, and what else they name.
func (s *Service) concerned(ctx context.Context, commands []Command) (targets, error) {
	alerts, items, orgs := []string{}, []string{}, []string{}
	for _, c := range commands {
		if c.Kind == kindOutage {
			continue
		}
		alerts = append(alerts, restsOn(c)...)
		if names(c) {
			orgs = append(orgs, namedOrgs(c)...)
		}
		switch {
		case c.Seq == 0:
		case c.Kind == kindAlert:
			alerts = append(alerts, c.ID)
		default:
			items = append(items, c.ID)
		}
	}
	out := targets{}
	for _, read := range []struct {
		codes []string
		into  func(context.Context, []string, targets) error
	}{{alerts, s.readAlerts}, {items, s.readItems}, {orgs, s.readOrgs}} {
		if len(read.codes) == 0 {
			continue
		}
		if err := read.into(ctx, read.codes, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) readAlerts(ctx context.Context, ids []string, into targets) error {
	rows, err := selectAlerts.All(ctx, s.Registry, s.Conn, queries.Args{"ids": ids})
	for _, x := range rows {
		if x.Secret != "" && !access.SeesSecret(ctx, x.Secret) {
			continue // as if there were none
		}
		if x.Category == "hotline" {
			into[ref{kindHotline, x.ID}] = append(into[ref{kindHotline, x.ID}], access.Target{})
		}
		into[ref{kindAlert, x.ID}] = append(into[ref{kindAlert, x.ID}], access.Target{Region: x.Region, Org: x.Org})
	}
	return err
}

func (s *Service) readItems(ctx context.Context, ids []string, into targets) error {
	rows, err := selectItems.All(ctx, s.Registry, s.Conn, queries.Args{"ids": ids})
	for _, x := range rows {
		at := ref{x.Kind, x.ID}
		into[at] = append(into[at], access.Target{Region: x.Region, Org: x.Org})
		for i, org := range x.CoOrgs {
			into[at] = append(into[at], access.Target{Region: x.CoRegions[i], Org: org})
		}
	}
	return err
}

func (s *Service) readOrgs(ctx context.Context, codes []string, into targets) error {
	rows, err := selectOrgs.All(ctx, s.Registry, s.Conn, queries.Args{"codes": codes})
	for _, x := range rows {
		at := ref{kindOrg, x.Code}
		into[at] = append(into[at], access.Target{Region: x.Region, Org: x.Code})
	}
	return err
}
