package actions

import (
	"context"
	"slices"

	"duban/dashboards/access"
)

// inScope tells, command by command, whether its subject lies in what the person may
// see, and every organisation that it names: a new order goes to no other.
func (s *Service) inScope(ctx context.Context, commands []Command, concerned targets) ([]bool, error) {
	out := make([]bool, len(commands))
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
	outages, err := s.outagesInScope(ctx, u, commands)
	if err != nil {
		return nil, err
	}
	for i, c := range commands {
		if c.Kind == kindOutage {
			out[i] = outages[c.ID]
			continue
		}
		if !mayRestOn(u, c, concerned, sees(kindAlert)) {
			continue
		}
		outside := func(t access.Target) bool { return !sees(c.Kind)(t) }
		out[i] = c.Seq == 0 || slices.ContainsFunc(concerned[ref{c.Kind, c.ID}], sees(c.Kind))
		if names(c) {
			out[i] = out[i] && !slices.ContainsFunc(concerned.named(c), outside)
		}
	}
	return out, nil
}

// mayRestOn reports whether the person may rest a piece of work on the alerts that it names:
// those that the person sees and, for who looks after the hotline, alerts of the hotline.
func mayRestOn(u access.User, c Command, concerned targets, sees func(access.Target) bool) bool {
	for _, id := range restsOn(c) {
		if !slices.ContainsFunc(concerned[ref{kindAlert, id}], sees) ||
			u.Role == access.HotlineAdmin && concerned[ref{kindHotline, id}] == nil {
			return false
		}
	}
	return true
}

// restsOn are the alerts that a new piece of work, or a draft that is changed, names.
func restsOn(c Command) []string {
	if c.Kind == kindAlert || c.Action != "create" {
		return nil // a draft keeps what it rested on
	}
	alerts, _ := c.Payload["alerts"].([]string)
	return alerts
}

// names reports whether a command says whom its subject will concern.
func names(c Command) bool { return c.Seq == 0 || c.Payload["org_code"] != nil }

func namedOrgs(c Command) []string {
	lead, _ := c.Payload["org_code"].(string)
	co, _ := c.Payload["co_orgs"].([]string)
	return append([]string{lead}, co...)
}
