package ruletest

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/rule"
)

// lawCase is one case worked out by hand; testdata/law/README.md says what the
// keys mean.
type lawCase struct {
	ID       string           `yaml:"id"`
	Title    bilingual        `yaml:"title"`
	Law      bilingual        `yaml:"law"`
	Days     string           `yaml:"days"`
	Calendar string           `yaml:"calendar"`
	Items    []map[string]any `yaml:"items"`
	Facts    []map[string]any `yaml:"facts"`
	Question string           `yaml:"question"`
	Answers  []lawAnswer      `yaml:"answers"`
	// Reasoning works the answers out, day by day; Reading says which reading was
	// taken where the law is silent.
	Reasoning string `yaml:"reasoning"`
	Reading   string `yaml:"reading"`
}

type bilingual struct{ Zh, En string }

// lawAnswer is about a clock, a state at an instant, or an alert at an instant.
// What is not given is not asked.
type lawAnswer struct {
	Clock       string  `yaml:"clock"`
	No          uint16  `yaml:"no"`
	Start       string  `yaml:"start"`
	Due         *string `yaml:"due"`
	Stop        string  `yaml:"stop"`
	Outcome     string  `yaml:"outcome"`
	Paused      *int32  `yaml:"paused"`
	Extended    *int32  `yaml:"extended"`
	Provisional *bool   `yaml:"provisional"`
	Absent      bool    `yaml:"absent"`

	At       string  `yaml:"at"`
	State    string  `yaml:"state"`
	Excluded *string `yaml:"excluded"`
	Deemed   *bool   `yaml:"deemed"`
	Accepted string  `yaml:"accepted"`

	Alert    string `yaml:"alert"`
	Severity string `yaml:"severity"`
	Since    string `yaml:"since"`
}

func lawCases(t *testing.T) []lawCase {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/law/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []lawCase
	seen := map[string]bool{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var cases []lawCase
		require.NoError(t, yaml.UnmarshalWithOptions(text, &cases, yaml.Strict()), path)
		for _, c := range cases {
			require.False(t, seen[c.ID], "%s: %s stands twice", path, c.ID)
			seen[c.ID] = true
			for what, v := range map[string]string{"title": c.Title.Zh, "title in English": c.Title.En, "law": c.Law.Zh, "law in English": c.Law.En,
				"days": c.Days, "question": c.Question, "reasoning": c.Reasoning} {
				require.NotEmpty(t, v, "%s: %s has no %s", path, c.ID, what)
			}
			require.NotEmpty(t, c.Answers, "%s: %s has no answer", path, c.ID)
		}
		all = append(all, cases...)
	}
	return all
}

// Clocks and states of the cases that were worked out by hand from the law and the
// State Council's notices.
func TestClocksOfCasesWorkedOutByHand(t *testing.T) {
	for _, c := range lawCases(t) {
		t.Run(c.ID, func(t *testing.T) {
			version := c.Calendar
			if version == "" {
				version = calendar.DefaultVersion
			}
			cal, err := calendar.Load(version)
			require.NoError(t, err)
			clocks, history := foldLaw(t, c, cal)
			for _, a := range c.Answers {
				switch {
				case a.Clock != "":
					a.checkClock(t, clocks)
				case a.State != "":
					a.checkState(t, history)
				default:
					require.NotEmpty(t, a.Alert, "an answer is about a clock, a state or an alert")
				}
			}
		})
	}
}

// The alerts of the same cases, as the engine with all rules raises them. All
// cases lie in one database, so that a rule that mixes them up is found too.
func TestAlertsOfCasesWorkedOutByHand(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	cat, err := rule.Load(reg, "")
	require.NoError(t, err)
	cases := lawCases(t)
	var facts []map[string]any
	for _, c := range cases {
		if c.Calendar == "" {
			facts = append(facts, c.messages()...)
		}
	}
	require.NoError(t, feed(t.Context(), db, reg, facts))
	cfg, err := engine.DefaultConfig()
	require.NoError(t, err)
	cfg.Rules, cfg.LeaseTTL = cat.Only(askedRules(cases)...), time.Second
	began, at := time.Now(), time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	e, err := engine.New(cfg, engine.Deps{
		Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
		Now: func() time.Time { return at.Add(time.Since(began)) },
	})
	require.NoError(t, err)
	require.NoError(t, e.CatchUp(t.Context()))
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			for _, a := range c.Answers {
				if a.Alert == "" {
					continue
				}
				require.Empty(t, c.Calendar, "alerts are asked by the default calendar only")
				_, known := cat.Get(a.Alert)
				require.True(t, known, "there is no rule %s", a.Alert)
				a.checkAlert(t, c.ID, func(args queries.Args) []map[string]any {
					res, err := reg.Run(t.Context(), db.Conn(), "engine/chains_at", args)
					require.NoError(t, err)
					return res.Maps()
				})
			}
		})
	}
}

func askedRules(cases []lawCase) []string {
	var ids []string
	for _, c := range cases {
		for _, a := range c.Answers {
			if a.Alert != "" && !slices.Contains(ids, a.Alert) {
				ids = append(ids, a.Alert)
			}
		}
	}
	return ids
}
