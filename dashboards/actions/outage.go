package actions

import (
	"context"
	"encoding/json"

	"duban/dashboards/access"
	"duban/queries"
)

// outagesInScope says which outages the person may declare or change: anything
// without a limit; with one, what concerns a division or an organisation within
// it, and nothing else.
func (s *Service) outagesInScope(ctx context.Context, u access.User, commands []Command) (map[string]bool, error) {
	type concern struct{ scope, code string }
	said := map[string]concern{}
	var ids []string
	for _, c := range commands {
		switch {
		case c.Kind != kindOutage:
		case c.Action == "declare":
			scope, _ := c.Payload["scope"].(string)
			code, _ := c.Payload["code"].(string)
			said[c.ID] = concern{scope, code}
		default:
			ids = append(ids, c.ID)
		}
	}
	if len(ids) > 0 {
		rows, err := selectItems.All(ctx, s.Registry, s.Conn, queries.Args{"ids": ids})
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			var data struct {
				Code string `json:"code"`
			}
			_ = json.Unmarshal([]byte(x.Data), &data) // written by the engine
			said[x.ID] = concern{x.Origin, data.Code}
		}
	}
	var codes []string
	for _, c := range said {
		if c.scope == "org" {
			codes = append(codes, c.code)
		}
	}
	regions := map[string]string{}
	if len(codes) > 0 {
		rows, err := selectOrgs.All(ctx, s.Registry, s.Conn, queries.Args{"codes": codes})
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			regions[x.Code] = x.Region
		}
	}
	out := map[string]bool{}
	for id, c := range said {
		out[id] = access.MaySee(u, access.RuleView, access.OutageTarget(c.scope, c.code, regions[c.code], access.OwnOrgs(ctx)))
	}
	return out, nil
}
