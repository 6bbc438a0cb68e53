package server_test

import (
	"maps"
	"testing"

	"duban/dashboards/route"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
)

// pages lists one address of every kind of page.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{
		"overview": "/", "region": "/regions/610802", "organisation": "/orgs/" + sitetest.OrgCode, "cases": "/cases", "tickets": "/tickets",
		"evidence": "/cases?indicator=D01&role=numerator", "case": sitetest.CasePath("OPEN"),
		"hostile case": sitetest.CasePath(sitetest.HostileCase),
		"ticket":       "/tickets/12345/G-1",
		"process":      "/process?source=hall", "quality": "/quality", "rejects": "/quality/rejects",
		"reject": "/quality/rejects/case-events/0/7",
		"risk":   "/risk", "rules": "/rules", "outages": "/outages?outage=none", "profiles": "/profiles",
		"profile cases": "/profiles/cases?indicator=suspension", "indicators": "/indicators", "indicator": "/indicators/D01?by=org",
		"rating evidence": "/cases?indicator=E02",
		"alerts":          "/alerts", "alert": "/alerts/a1000000", "bad ratings": "/work", "not found": "/no/such",
	}
	for _, p := range server.Pages(t).Routes() { // and what the navigation leads to for everybody
		if _, known := all[p.Nav.Name]; p.Nav.Group == route.Main && !p.Nav.Personal && !known && p.Nav.Name != "orders" {
			all[p.Nav.Name] = p.Pattern
		}
	}
	return all
}

// allPages are those and the pages about people's work that the browser sees as
// somebody signed in.
func allPages(t *testing.T) map[string]string {
	all := pages(t)
	maps.Copy(all, map[string]string{
		"orders": "/orders", "orders that are over": "/orders?group=ended", "order": "/work/order/o2", "exposures": "/work?kind=exposure",
		"referral": "/work/referral/f1", "appeals": "/appeals", "to do": "/todo",
	})
	return all
}
