package actions

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

// newService is a service over two organisations of one city, office below bureau, another
// one elsewhere, and a card of each.
func newService(t *testing.T) *Service {
	t.Helper()
	db := storetest.New(t)
	enginetest.Insert(t, db,
		event.Organisation{SourceSys: "dir", EventID: "o1", OrgCode: "bureau", Name: "市局", RegionCode: "610800", ValidFrom: 1},
		event.Organisation{SourceSys: "dir", EventID: "o2", OrgCode: "office", ParentCode: "bureau", Name: "县局",
			RegionCode: "610802", ValidFrom: 1},
		event.Organisation{SourceSys: "dir", EventID: "o3", OrgCode: "other", Name: "别局", RegionCode: "620102", ValidFrom: 1})
	putAlert(t, db, "a0000002", "office", "610802")
	putAlert(t, db, "a0000003", "other", "620102")
	reg, err := queries.Load()
	require.NoError(t, err)
	return New(Deps{Registry: reg, Conn: db.Conn(), Log: slog.New(slog.DiscardHandler), Now: time.Now})
}

func putAlert(t *testing.T, db *store.DB, id, org, region string) {
	t.Helper()
	at := time.Now().UTC().Add(-time.Hour)
	batch, err := db.Conn().PrepareBatch(t.Context(), "INSERT INTO alerts (alert_id, fold_version, seq, rule_id, rule_version, category, "+
		"subject_kind, source_sys, subject_no, org_code, region_code, state, severity, raised_at, severity_at, recorded_at)")
	require.NoError(t, err)
	require.NoError(t, batch.Append(id, uint64(1), uint32(1), "R-DDL-04", uint16(1), "timeliness", "case", "hall", "C-"+id, org, region,
		"issued", "red", at, at, at))
	require.NoError(t, batch.Send())
}

func TestWhateverAPageLetsThroughTheOrganisationsThatACommandNamesAreLookedAt(t *testing.T) {
	s := newService(t)
	supervisor := access.User{ID: "u-9", Name: "s", Role: access.Supervisor, ScopeRegion: "610800"}
	inScope := func(commands ...Command) []bool {
		t.Helper()
		concerned, err := s.concerned(t.Context(), commands)
		require.NoError(t, err)
		got, err := s.inScope(access.NewContext(t.Context(), supervisor), commands, concerned)
		require.NoError(t, err)
		return got
	}
	for name, x := range map[string]struct {
		payload map[string]any
		in      bool
	}{
		"of the region":              {map[string]any{"org_code": "office"}, true},
		"of another one":             {map[string]any{"org_code": "other"}, false},
		"beside one of another":      {map[string]any{"org_code": "office", "co_orgs": []string{"other"}}, false},
		"that nobody knows":          {map[string]any{"org_code": "nowhere"}, false},
		"that claims another region": {map[string]any{"org_code": "other", "region_code": "610802"}, false},
		"of nobody":                  {nil, false},
	} {
		require.Equal(t, []bool{x.in}, inScope(Command{Subject: Subject{Kind: "order", ID: "1"}, Action: "create", Payload: x.payload}), name)
	}
	require.Equal(t, []bool{true, false}, inScope(
		Command{Subject: Subject{Kind: "alert", ID: "a0000002", Seq: 1}, Action: "note"},
		Command{Subject: Subject{Kind: "alert", ID: "a0000003", Seq: 1}, Action: "note"}))
	outage := func(scope, code string) Command {
		return Command{Subject: Subject{Kind: "outage", ID: scope + code}, Action: "declare",
			Payload: map[string]any{"scope": scope, "code": code}}
	}
	require.Equal(t, []bool{true, true, false, false, false, false}, inScope(
		outage("region", "610802"), outage("org", "office"), outage("org", "other"), outage("org", "nowhere"),
		outage("region", "620000"), outage("all", "")))
}

// Who looks after the hotline rests orders on its alerts alone, and nobody on an alert that he does not see.
func TestAnOrderRestsOnWhatItsMakerSees(t *testing.T) {
	known := targets{{kindAlert, "call"}: {{Org: "office"}}, {kindHotline, "call"}: {{Org: "office"}},
		{kindAlert, "case"}: {{Org: "office"}}, {kindAlert, "far"}: {{Org: "other"}}, {kindHotline, "far"}: {{Org: "other"}}}
	near := func(x access.Target) bool { return x.Org == "office" }
	order := func(alerts ...string) Command {
		return Command{Subject: Subject{Kind: "order"}, Action: "create", Payload: map[string]any{"alerts": alerts}}
	}
	for name, x := range map[string]struct {
		role access.Role
		c    Command
		may  bool
	}{
		"hotline on its own":          {access.HotlineAdmin, order("call"), true},
		"hotline on a case":           {access.HotlineAdmin, order("call", "case"), false},
		"hotline on nothing":          {access.HotlineAdmin, order(), true},
		"supervision on a case":       {access.Supervisor, order("call", "case"), true},
		"supervision on what is far":  {access.Supervisor, order("call", "far"), false},
		"supervision on what is none": {access.Supervisor, order("made up"), false},
	} {
		require.Equal(t, x.may, mayRestOn(access.User{Role: x.role}, x.c, known, near), name)
	}
}
