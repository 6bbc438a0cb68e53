package message

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Item is one alert or work item that a digest tells of, as it stands.
type Item struct {
	// Kind is alert, order, rating, exposure or referral.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// RuleID is empty for work items.
	RuleID   string    `json:"rule_id,omitempty"`
	RuleZh   string    `json:"rule_zh,omitempty"`
	RuleEn   string    `json:"rule_en,omitempty"`
	Severity string    `json:"severity,omitempty"`
	State    string    `json:"state"`
	OrgCode  string    `json:"org_code"`
	OrgZh    string    `json:"org_zh"`
	OrgEn    string    `json:"org_en"`
	Subject  string    `json:"subject,omitempty"`
	Since    time.Time `json:"since,omitzero"`
	// DueAt is the deadline that it is about; zero = none.
	DueAt time.Time `json:"due_at,omitzero"`
	// Over says that it needs nobody any more: closed, cancelled or revoked.
	Over bool   `json:"over"`
	URL  string `json:"url"`
}

// Count is how many items an organisation has of one rule and severity.
type Count struct {
	OrgCode  string `json:"org_code"`
	OrgZh    string `json:"org_zh"`
	OrgEn    string `json:"org_en"`
	Kind     string `json:"kind"`
	RuleID   string `json:"rule_id,omitempty"`
	RuleZh   string `json:"rule_zh,omitempty"`
	RuleEn   string `json:"rule_en,omitempty"`
	Severity string `json:"severity,omitempty"`
	N        int    `json:"n"`
}

// Digest is the content of one message to one person.
type Digest struct {
	// ID is the same when the same notices are sent again.
	ID             string    `json:"message_id"`
	At             time.Time `json:"at"`
	PossibleRepeat bool      `json:"possible_repeat"`
	Test           bool      `json:"test"`
	// Events are the ids of the events behind the items.
	Events []string `json:"events"`
	Total  int      `json:"total"`
	// Severities are counts by severity, red first; work items are not in it.
	Severities []Count `json:"severities"`
	Counts     []Count `json:"counts"`
	// MoreCounts is the number of combinations that Counts leaves out.
	MoreCounts int    `json:"more_counts"`
	Items      []Item `json:"items"`
	// More is how many items are not listed.
	More    int    `json:"more"`
	WallURL string `json:"wall_url"`
}

// The bounds of a digest: what is beyond them is counted and behind the link.
const (
	MaxItems  = 10
	MaxCounts = 20
)

// severities in the order of urgency; work items come between yellow and
// warning: they are somebody's explicit instruction.
func urgency(severity string) int {
	return slices.Index([]string{"red", "yellow", "", "warning", "notice"}, severity)
}

// New gathers items into a digest: counts per organisation and rule, and the
// most urgent items first (what stands before what is over, then severity,
// then the nearest deadline).
func New(id string, at time.Time, baseURL string, events []string, items []Item) Digest {
	d := Digest{ID: id, At: at, Events: events, Total: len(items), WallURL: strings.TrimSuffix(baseURL, "/") + "/alerts"}
	items = slices.Clone(items)
	slices.SortFunc(items, compare)
	counts, bySeverity := map[Count]int{}, map[string]int{}
	for i := range items {
		it := &items[i]
		it.URL = itemURL(baseURL, it)
		counts[Count{OrgCode: it.OrgCode, OrgZh: it.OrgZh, OrgEn: it.OrgEn, Kind: it.Kind, RuleID: it.RuleID, RuleZh: it.RuleZh,
			RuleEn: it.RuleEn, Severity: it.Severity}]++
		if it.Severity != "" {
			bySeverity[it.Severity]++
		}
	}
	for c, n := range counts {
		c.N = n
		d.Counts = append(d.Counts, c)
	}
	slices.SortFunc(d.Counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(urgency(a.Severity), urgency(b.Severity)), cmp.Compare(b.N, a.N),
			cmp.Compare(a.OrgCode, b.OrgCode), cmp.Compare(a.RuleID, b.RuleID), cmp.Compare(a.Kind, b.Kind))
	})
	for _, s := range []string{"red", "yellow", "warning", "notice"} {
		if bySeverity[s] > 0 {
			d.Severities = append(d.Severities, Count{Severity: s, N: bySeverity[s]})
		}
	}
	if len(d.Counts) > MaxCounts {
		d.Counts, d.MoreCounts = d.Counts[:MaxCounts], len(d.Counts)-MaxCounts
	}
	d.Items = items
	if len(items) > MaxItems {
		d.Items, d.More = items[:MaxItems], len(items)-MaxItems
	}
	return d
}

func compare(a, b Item) int {
	over := func(x Item) int {
		if x.Over {
			return 1
		}
		return 0
	}
	due := func(x Item) int64 {
		if x.DueAt.IsZero() {
			return 1<<63 - 1
		}
		return x.DueAt.UnixMilli()
	}
	return cmp.Or(cmp.Compare(over(a), over(b)), cmp.Compare(urgency(a.Severity), urgency(b.Severity)),
		cmp.Compare(due(a), due(b)), a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
}

func itemURL(base string, it *Item) string {
	base = strings.TrimSuffix(base, "/")
	if it.Kind == "alert" {
		return base + "/alerts/" + url.PathEscape(it.ID)
	}
	return base + "/work/" + url.PathEscape(it.Kind) + "/" + url.PathEscape(it.ID)
}
