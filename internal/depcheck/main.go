// Command depcheck checks the import direction of the packages, which keeps
// the way of the data one-way: see the architecture in the README.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sort"
	"strings"
)

// rule says which packages (by prefix of the path below the module) may not
// import which others. Except lists prefixes that the rule leaves alone, but
// packages that may be imported all the same; a rule of what is below leaves the
// package of the prefix itself alone.
type rule struct {
	of     string
	below  bool
	not    []string
	except []string
	but    []string
	why    string
}

const module = "duban/"

var (
	// leaves import nothing of ours and are open to everybody.
	leaves     = own("supervision/lawzone", "ingest/personal", "internal/blank")
	clickhouse = []string{"github.com/ClickHouse/clickhouse-go", "github.com/ClickHouse/ch-go"}
	rules      = []rule{
		{of: "ingest", not: own("supervision", "metrics", "dashboards"), why: "facts know nothing of what is made of them"},
		{of: "supervision/lawzone", not: append(own(""), clickhouse...), why: "the zone of law is a leaf"},
		{of: "ingest/personal", not: append(own(""), clickhouse...), why: "the names of what is personal are a leaf"},
		{of: "internal/blank", not: append(own(""), clickhouse...), why: "whether a text says anything is a leaf"},
		{of: "ingest/importer/rows", not: own("ingest", "internal", "queries"), but: own("ingest/importer/mapping"),
			why: "files are read without knowing what their rows mean"},
		{of: "ingest/event", not: own(""), why: "the facts are a leaf"},
		{of: "supervision/calendar", not: append(own("ingest", "queries", "internal", "metrics", "dashboards"), clickhouse...),
			why: "the calendar is pure"},
		{of: "supervision/pii", not: append(own(""), clickhouse...), why: "what is personal in a text is found by the text alone"},
		{of: "supervision/divisions", not: append(own("ingest", "queries", "internal", "metrics", "dashboards"), clickhouse...),
			why: "the divisions are pure"},
		{of: "supervision/halls", why: "opening hours are read from the configuration alone",
			not: append(own("ingest", "queries", "metrics", "dashboards", "supervision/engine", "supervision/lifecycle"), clickhouse...)},
		{of: "supervision/lifecycle", not: append(own("queries", "internal", "metrics", "dashboards", "supervision/engine"), clickhouse...),
			why: "the fold is pure"},
		{of: "supervision/lifecycle", not: own("ingest/decode", "ingest/sink", "ingest/source", "ingest/importer", "ingest/deadletter"),
			why: "the fold knows facts, not how they came"},
		{of: "supervision/simulate", why: "the ledger of the simulator is independent of what it checks",
			not: append(own("internal", "supervision", "queries", "metrics", "dashboards"), clickhouse...),
			but: own("supervision/divisions", "supervision/simulate/world", "supervision/simulate/plan", "supervision/simulate/inject",
				"supervision/simulate/encode", "supervision/simulate/truth")},
		{of: "supervision/simulate/world", why: "the simulated province knows nothing of what happens in it",
			not: own("ingest", "internal", "supervision"), but: own("supervision/divisions")},
		{of: "supervision/simulate/plan", why: "plans know the province; what breaks, writes and judges them is handed to them",
			not: own("ingest", "internal", "supervision"), but: own("ingest/event", "supervision/simulate/world")},
		{of: "supervision/simulate/inject", why: "what breaks rules is planned, and neither written nor judged there",
			not: own("ingest", "internal", "supervision"), but: own("ingest/event", "supervision/simulate/world", "supervision/simulate/plan")},
		{of: "supervision/simulate/encode", why: "messages are written from plans",
			not: own("ingest", "internal", "supervision"), but: own("ingest/event", "supervision/simulate/world", "supervision/simulate/plan")},
		{of: "supervision/simulate/truth", why: "the oracle reads plans, and no code of what it is held against",
			not: own("ingest", "internal", "supervision"), but: own("ingest/event", "supervision/simulate/world", "supervision/simulate/plan")},
		{of: "supervision/workflow", not: append(own("ingest", "queries", "internal", "metrics", "dashboards", "supervision/engine",
			"supervision/lifecycle", "supervision/simulate", "supervision/rule", "supervision/notify"), clickhouse...),
			why: "the machines are pure"},
		{of: "supervision/notify", not: own("ingest", "internal", "supervision/engine", "supervision/lifecycle"),
			why: "notices read events; the engine calls them, cmd gives them channels"},
		{of: "supervision/notify/message", not: own(""), why: "what a person reads is pure"},
		{of: "supervision/notify/channel", not: own("queries"), why: "channels know a message and an address"},
		{of: "supervision/risk", not: append(own("ingest", "internal", "supervision/engine", "supervision/lifecycle", "supervision/simulate"),
			clickhouse...), why: "verdicts on early warning are read from tables"},
		{of: "supervision", not: own("dashboards", "metrics"), why: "supervision feeds figures and pages, not the other way"},
		{of: "metrics", not: own("dashboards", "supervision", "ingest/sink", "ingest/source"), why: "figures are read from tables"},
		{of: "dashboards", not: own("ingest", "supervision/engine", "supervision/lifecycle", "supervision/simulate"),
			except: []string{"dashboards/sitetest"}, why: "pages read figures; cmd joins them to the rest"},
		{of: "dashboards/access",
			not: append(own("queries", "ingest", "supervision", "metrics", "dashboards/page", "dashboards/server", "dashboards/locale",
				"dashboards/actions", "dashboards/route"),
				clickhouse...), but: own("supervision/workflow"),
			why: "who may what is independent of pages and tables, and said by the machines alone"},
		{of: "dashboards/route", why: "what a page says of itself is known before pages, guard and navigation",
			not: append(own("ingest", "supervision", "metrics", "queries", "internal", "dashboards"), clickhouse...),
			but: own("dashboards/access")},
		{of: "dashboards/page", below: true, why: "rooms of pages stand beside each other on the kit, which knows no page",
			not: append(own("dashboards/page", "dashboards/server"), clickhouse...), but: own("dashboards/page/kit")},
		{of: "dashboards/discretion", why: "what is kept from a reader is kept whichever page asks",
			not: append(own("ingest", "metrics", "internal", "dashboards"), clickhouse...), but: own("dashboards/access")},
		{of: "dashboards/directory", why: "who stands below whom is read from the directory alone",
			not: append(own("ingest", "metrics", "internal", "dashboards"), clickhouse...)},
		{of: "dashboards/actions", why: "what people do is independent of the pages that they do it on; cmd gives it a journal",
			not: append(own("ingest", "supervision", "internal", "metrics", "dashboards/page", "dashboards/server", "dashboards/locale",
				"dashboards/assets"), clickhouse...)},
		{of: "queries", not: own("ingest", "supervision", "metrics", "dashboards", "cmd"), why: "SQL is a leaf"},
		{of: "internal", not: own("dashboards", "cmd"), except: []string{"internal/e2e"}, why: "plumbing has no domain"},
		{of: "", not: own("cmd"), except: []string{"cmd"}, why: "nobody imports cmd"},
		{of: "", not: []string{"github.com/ClickHouse/clickhouse-go"}, except: []string{"queries", "ingest/sink", "internal"},
			why: "only queries, sink and store know the database client"},
		{of: "", not: []string{"github.com/ClickHouse/ch-go"}, why: "only sink, statestore and store speak to the database in columns",
			except: []string{"ingest/sink", "supervision/statestore", "supervision/engine/enginetest", "internal"}},
		{of: "supervision/statestore", why: "columns know facts and states, not what they are read or written for",
			not: own("ingest/decode", "ingest/sink", "ingest/source", "supervision/engine", "supervision/rule", "supervision/workflow")},
		{of: "supervision/checkpoint", not: own("ingest", "supervision", "internal", "metrics", "dashboards"), why: "checkpoints are a leaf"},
		{of: "supervision/fold", why: "states are made of facts alone; the engine says when", not: append(own("ingest/decode", "ingest/sink",
			"ingest/source", "internal", "supervision/engine", "supervision/rule", "supervision/workflow", "supervision/casework",
			"supervision/notify"), clickhouse...)},
		{of: "supervision/evaluate", why: "rules judge states; the engine says when and up to when", not: append(own("ingest", "internal",
			"supervision/engine", "supervision/fold", "supervision/announce", "supervision/workflow", "supervision/casework",
			"supervision/notify", "supervision/lifecycle"), clickhouse...)},
		{of: "supervision/announce", why: "alerts are made of chains alone; the engine says when", not: append(own("ingest", "internal",
			"supervision/engine", "supervision/workflow", "supervision/casework", "supervision/fold", "supervision/evaluate",
			"supervision/notify"), clickhouse...)},
		{of: "supervision/movement", why: "the ledger follows the states; the engine says when", not: append(own("ingest", "internal",
			"supervision/engine", "supervision/fold", "supervision/evaluate", "supervision/announce", "supervision/casework",
			"supervision/lifecycle", "supervision/notify"), clickhouse...)},
		{of: "supervision/casework", why: "work on alerts is read from tables; the engine calls it", not: append(own("ingest", "internal",
			"supervision/engine", "supervision/lifecycle", "supervision/statestore", "supervision/notify"), clickhouse...)},
		{of: "", not: []string{"github.com/segmentio/kafka-go"}, except: []string{"ingest/source"}, why: "only source knows the Kafka client"},
	}
)

func own(prefixes ...string) []string {
	out := make([]string, len(prefixes))
	for i, p := range prefixes {
		out[i] = module + p
	}
	return out
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func main() {
	problems, n, err := check()
	for _, more := range []func() ([]string, error){notice, secondZones} {
		if err == nil {
			var found []string
			found, err = more()
			problems = append(problems, found...)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "depcheck:", err)
		os.Exit(1)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
	fmt.Printf("depcheck: %d packages, import direction kept\n", n)
}

func check() (problems []string, n int, err error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("list packages: %w", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, 0, fmt.Errorf("read package list: %w", err)
		}
		n++
		problems = append(problems, violations(p)...)
	}
	sort.Strings(problems)
	return problems, n, nil
}

// notice returns the modules in the program that the file NOTICE does not name.
func notice() ([]string, error) {
	named, err := os.ReadFile("NOTICE")
	if err != nil {
		return nil, fmt.Errorf("read the licences of what is shipped: %w", err)
	}
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/duban")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list modules of the program: %w", err)
	}
	var problems []string
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	for _, m := range slices.Compact(modules) {
		if !strings.Contains(string(named), "\n"+m+" ") {
			problems = append(problems, "NOTICE does not name "+m+", which is in the binary")
		}
	}
	return problems, nil
}

func violations(p pkg) []string {
	var out []string
	name := strings.TrimPrefix(p.ImportPath, module)
	for _, r := range rules {
		if !under(name, r.of) || anyUnder(name, r.except) || r.below && name == r.of {
			continue
		}
		for _, imp := range p.Imports {
			for _, not := range r.not {
				bad := imp == not || strings.HasPrefix(imp, strings.TrimSuffix(not, "/")+"/")
				if bad && imp != p.ImportPath && !slices.Contains(r.but, imp) && !slices.Contains(leaves, imp) {
					out = append(out, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imp, r.why))
				}
			}
		}
	}
	return out
}

func under(name, prefix string) bool {
	return prefix == "" || name == prefix || strings.HasPrefix(name, prefix+"/")
}

func anyUnder(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if under(name, p) {
			return true
		}
	}
	return false
}
