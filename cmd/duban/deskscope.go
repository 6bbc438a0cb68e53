package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/page"
	"duban/queries"
)

// inScope tells, deed by deed, whether its subject lies in what the person may
// see, and every organisation that it names: a new order goes to no other.
func (d *desk) inScope(ctx context.Context, deeds []page.Deed, places placesOf) ([]bool, error) {
	out := make([]bool, len(deeds))
	u, ok := access.FromContext(ctx)
	if !ok {
		return out, nil
	}
	sees := func(kind string) func(access.Target) bool {
		return func(t access.Target) bool {
			t.OwnOrgs = access.OwnOrgs(ctx)
			return access.MaySee(u, access.View(kind), t)
		}
	}
	outages := map[string]bool{}
	if err := d.outagesInScope(ctx, u, deeds, outages); err != nil {
		return nil, err
	}
	for i, deed := range deeds {
		if deed.Kind == "outage" {
			out[i] = outages[deed.ID]
			continue
		}
		if !mayRestOn(u, deed, places, sees("alert")) {
			continue
		}
		outside := func(t access.Target) bool { return !sees(deed.Kind)(t) }
		out[i] = deed.Seq == 0 || slices.ContainsFunc(places[subject{deed.Kind, deed.ID}], sees(deed.Kind))
		if names(deed) {
			out[i] = out[i] && !slices.ContainsFunc(places.named(deed), outside)
		}
	}
	return out, nil
}

// mayRestOn reports whether the person may rest a piece of work on the alerts that it names:
// those that the person sees and, for who looks after the hotline, alerts of the hotline.
func mayRestOn(u access.User, deed page.Deed, places placesOf, sees func(access.Target) bool) bool {
	for _, id := range restsOn(deed) {
		if !slices.ContainsFunc(places[subject{"alert", id}], sees) || u.Role == access.HotlineAdmin && places[subject{"hotline", id}] == nil {
			return false
		}
	}
	return true
}

// restsOn are the alerts that a new piece of work, or a draft that is changed, names.
func restsOn(deed page.Deed) []string {
	if deed.Kind == "alert" || deed.Action != "create" {
		return nil // a draft keeps what it rested on
	}
	alerts, _ := deed.Payload["alerts"].([]string)
	return alerts
}

// assigneeKnown reports whether a deed that gives its subject to somebody names a user who
// can have it; true for every other deed.
func (d *desk) assigneeKnown(ctx context.Context, deed page.Deed, places placesOf) (bool, error) {
	if deed.Action != "assign" {
		return true, nil
	}
	id, _ := deed.Payload["assignee"].(string)
	u, err := d.stack.access.Users.ByID(id)
	if errors.Is(err, access.ErrNoUser) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	orgs := page.NewOrgTree(d.stack.reg.On(d.stack.reader.Conn()), time.Now)
	return page.MayBeAssigned(ctx, u, deed.Kind, places[subject{deed.Kind, deed.ID}], orgs.Below)
}

// names reports whether a deed says whom its subject will concern.
func names(deed page.Deed) bool { return deed.Seq == 0 || deed.Payload["org_code"] != nil }

type subject struct{ kind, id string }

// placesOf are the organisations that subjects concern, with their regions; those
// of the directory under the kind org.
type placesOf map[subject][]access.Target

// named are the organisations that a new piece of work names; one that the
// directory does not know is in no scope.
func (p placesOf) named(deed page.Deed) []access.Target {
	var out []access.Target
	for _, org := range namedOrgs(deed) {
		if at := p[subject{"org", org}]; len(at) > 0 {
			out = append(out, at...)
		} else {
			out = append(out, access.Target{})
		}
	}
	return out
}

func namedOrgs(deed page.Deed) []string {
	lead, _ := deed.Payload["org_code"].(string)
	co, _ := deed.Payload["co_orgs"].([]string)
	return append([]string{lead}, co...)
}

// places reads whom subjects concern.
func (d *desk) places(ctx context.Context, deeds []page.Deed) (placesOf, error) {
	alerts, items, orgs := []string{}, []string{}, []string{}
	for _, x := range deeds {
		if x.Kind == "outage" {
			continue
		}
		alerts = append(alerts, restsOn(x)...)
		if names(x) {
			orgs = append(orgs, namedOrgs(x)...)
		}
		switch {
		case x.Seq == 0:
		case x.Kind == "alert":
			alerts = append(alerts, x.ID)
		default:
			items = append(items, x.ID)
		}
	}
	out := placesOf{}
	for _, ask := range []struct {
		query, param string
		values       []string
		add          func(m map[string]any)
	}{
		{"work/alerts_of", "ids", alerts, func(m map[string]any) {
			s := subject{"alert", m["alert_id"].(string)}
			if secret := m["secret"].(string); secret != "" && !page.SeesSecret(ctx, secret) {
				return // as if there were none
			}
			if m["category"].(string) == "hotline" {
				hotline := subject{"hotline", s.id}
				out[hotline] = append(out[hotline], access.Target{})
			}
			out[s] = append(out[s], access.Target{Region: m["region_code"].(string), Org: m["org_code"].(string)})
		}},
		{"work/items_of", "ids", items, func(m map[string]any) {
			s := subject{m["kind"].(string), m["id"].(string)}
			out[s] = append(out[s], access.Target{Region: m["region_code"].(string), Org: m["org_code"].(string)})
			regions := m["co_regions"].([]string)
			for i, org := range m["co_orgs"].([]string) {
				out[s] = append(out[s], access.Target{Region: regions[i], Org: org})
			}
		}},
		{"page/org_names", "codes", orgs, func(m map[string]any) {
			s := subject{"org", m["org_code"].(string)}
			out[s] = append(out[s], access.Target{Region: m["region_code"].(string), Org: s.id})
		}},
	} {
		if len(ask.values) == 0 {
			continue
		}
		res, err := d.stack.reg.Run(ctx, d.stack.reader.Conn(), ask.query, queries.Args{ask.param: ask.values})
		if err != nil {
			return nil, err
		}
		for _, m := range res.Maps() {
			ask.add(m)
		}
	}
	return out, nil
}
