package main

import (
	"context"
	"encoding/json"

	"duban/dashboards/access"
	"duban/dashboards/page"
	"duban/queries"
)

// outagesInScope notes which outages the person may declare or change: anything
// without a limit; with one, what concerns a division or an organisation within
// it, and nothing else.
func (d *desk) outagesInScope(ctx context.Context, u access.User, deeds []page.Deed, out map[string]bool) error {
	type concern struct{ scope, code string }
	said := map[string]concern{}
	var ids []string
	for _, x := range deeds {
		switch {
		case x.Kind != "outage":
		case x.Action == "declare":
			scope, _ := x.Payload["scope"].(string)
			code, _ := x.Payload["code"].(string)
			said[x.ID] = concern{scope, code}
		default:
			ids = append(ids, x.ID)
		}
	}
	if len(ids) > 0 {
		res, err := d.stack.reg.Run(ctx, d.stack.reader.Conn(), "work/items_of", queries.Args{"ids": ids})
		if err != nil {
			return err
		}
		for _, m := range res.Maps() {
			var data struct {
				Code string `json:"code"`
			}
			_ = json.Unmarshal([]byte(m["data"].(string)), &data) // written by the engine
			said[m["id"].(string)] = concern{m["origin"].(string), data.Code}
		}
	}
	codes, regions := []string{}, map[string]string{}
	for _, c := range said {
		if c.scope == "org" {
			codes = append(codes, c.code)
		}
	}
	if len(codes) > 0 {
		res, err := d.stack.reg.Run(ctx, d.stack.reader.Conn(), "page/org_names", queries.Args{"codes": codes})
		if err != nil {
			return err
		}
		for _, m := range res.Maps() {
			regions[m["org_code"].(string)] = m["region_code"].(string)
		}
	}
	for id, c := range said {
		out[id] = access.MaySee(u, access.RuleView, page.OutageTarget(c.scope, c.code, regions[c.code], access.OwnOrgs(ctx)))
	}
	return nil
}
