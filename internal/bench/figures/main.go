// Command figures measures figures that are read from the ledger of movements: cases are
// generated straight into it, and each indicator is asked by each grain about months, and
// as of instants, all over the history. It writes the result with the facts of the machine
// to docs/bench/figures.json. The ledger grows from size to size.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"duban/internal/bench/shared"
	"duban/internal/store"
	"duban/queries"
)

//go:embed fill_movements.sql
var fillMovements string

// fillAtOnce is how many cases one statement generates.
const fillAtOnce = 500_000

// options of a run.
type options struct {
	cases        []int
	days, rounds int
	out, dir     string
}

// asked is what one kind of question cost, in milliseconds.
type asked struct {
	Figure string  `json:"figure"`
	By     string  `json:"by"`
	P50    float64 `json:"p50_ms"`
	P95    float64 `json:"p95_ms"`
	CPU    float64 `json:"cpu_ms"`
}

// result is what the file holds.
type result struct {
	At      time.Time    `json:"at"`
	Machine shared.Facts `json:"machine"`
	Days    int          `json:"days"`
	Sizes   []size       `json:"sizes"`
}

// size is what a ledger of one size costs.
type size struct {
	Cases     int    `json:"cases"`
	Movements uint64 `json:"movements"`
	Bytes     uint64 `json:"bytes"`
	// P95 is that of all single questions; All is what all figures of one month cost, asked
	// one after the other; Month and Year are the key figures of a place in one look.
	P95   float64 `json:"p95_ms"`
	All   asked   `json:"all_figures_of_a_month"`
	Month asked   `json:"overview_of_a_month"`
	Year  asked   `json:"overview_of_a_year"`
	// Slowest come first.
	Asked []asked `json:"asked"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		return store.RunChildArgs(os.Args[2:])
	}
	var o options
	sizes := flag.String("cases", "200000,1000000,4000000", "cases of the ledger, from size to size")
	flag.IntVar(&o.days, "days", 730, "days over which they are applied for")
	flag.IntVar(&o.rounds, "rounds", 10, "how often each question is asked")
	flag.StringVar(&o.out, "out", "docs/bench/figures.json", "result file")
	flag.StringVar(&o.dir, "dir", "", "folder for data (default: a temporary one)")
	flag.Parse()
	for text := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("sizes: %w", err)
		}
		o.cases = append(o.cases, n)
	}
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "duban-bench-")
		if err != nil {
			return fmt.Errorf("make data folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.dir = dir
	}
	res, err := measure(context.Background(), o)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(res, "", "  ")
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	if err := os.WriteFile(o.out, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	fmt.Printf("%s\n", text)
	return nil
}

func measure(ctx context.Context, o options) (*result, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	library, err := store.FindLibrary()
	if err != nil {
		return nil, err
	}
	server, err := store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(o.dir, "clickhouse"), Command: []string{self, "child"}, Library: library, Server: store.DefaultServerConfig(),
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	db, err := store.Open(server.DSN())
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if err := db.EnsureDatabase(ctx); err != nil {
		return nil, err
	}
	reg, err := queries.Load()
	if err != nil {
		return nil, err
	}
	if err := queries.Migrate(ctx, db.Conn(), reg, time.Now); err != nil {
		return nil, err
	}
	res := &result{At: time.Now().UTC().Truncate(time.Second), Days: o.days}
	filled := 0
	for _, cases := range o.cases {
		for ; filled < cases; filled = min(cases, filled+fillAtOnce) {
			args := clickhouse.Parameters{
				"first": strconv.Itoa(filled), "cases": strconv.Itoa(min(fillAtOnce, cases-filled)), "days": strconv.Itoa(o.days),
			}
			if err := shared.Exec(ctx, db, "movements", fillMovements, args); err != nil {
				return nil, err
			}
		}
		if err := shared.AwaitMerges(ctx, db); err != nil {
			return nil, err
		}
		of := size{Cases: cases}
		if err := db.Conn().QueryRow(ctx, countMovements).Scan(&of.Movements, &of.Bytes); err != nil {
			return nil, fmt.Errorf("count movements: %w", err)
		}
		if err := ask(ctx, o, db, reg, server.PID(), &of); err != nil {
			return nil, err
		}
		res.Sizes = append(res.Sizes, of)
	}
	res.Machine = shared.Machine(ctx, server.DSN())
	return res, nil
}

//go:embed count_movements.sql
var countMovements string

// ask asks all questions and notes what they cost.
func ask(ctx context.Context, o options, db *store.DB, reg *queries.Registry, pid int, res *size) error {
	r := rand.New(rand.NewPCG(1, 2))
	begin := time.Date(2024, 1, 1, -8, 0, 0, 0, time.UTC)
	month := func() queries.Args {
		from := begin.AddDate(0, r.IntN(max(1, o.days/30)), 0)
		return queries.Args{"from": from, "to": from.AddDate(0, 1, 0), "as_of": begin.AddDate(0, 0, o.days)}
	}
	figures := []string{"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "D01", "D02", "D03", "D04"}
	var all []float64
	for _, figure := range figures {
		for _, by := range []string{"", "org", "region", "item", "channel", "month"} {
			var grains []string
			if by != "" {
				grains = []string{by}
			}
			a, took, err := cost(pid, o.rounds, func() error {
				_, err := reg.Run(ctx, db.Conn(), "figures/"+figure, month(), grains...)
				return err
			})
			if err != nil {
				return err
			}
			a.Figure, a.By = figure, by
			res.Asked, all = append(res.Asked, a), append(all, took...)
		}
	}
	slices.SortFunc(res.Asked, func(a, b asked) int { return int(1000 * (b.P95 - a.P95)) })
	res.P95 = quantile(all, 0.95)
	var err error
	res.All, _, err = cost(pid, o.rounds, func() error {
		args := month()
		for _, figure := range figures {
			if _, err := reg.Run(ctx, db.Conn(), "figures/"+figure, args); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	overview := func(months int) (asked, error) {
		a, _, err := cost(pid, o.rounds, func() error {
			args := month()
			args["from"], args["level"] = args["to"].(time.Time).AddDate(0, -months, 0), "city"
			_, err := reg.Run(ctx, db.Conn(), "figures/overview", args)
			return err
		})
		return a, err
	}
	if res.Month, err = overview(1); err == nil {
		res.Year, err = overview(12)
	}
	return err
}

// cost is what a question costs that is asked so many times, after once to warm up.
func cost(pid, rounds int, question func() error) (asked, []float64, error) {
	if err := question(); err != nil {
		return asked{}, nil, err
	}
	var took []float64
	cpu := shared.CPUSeconds(pid)
	for range rounds {
		began := time.Now()
		if err := question(); err != nil {
			return asked{}, nil, err
		}
		took = append(took, time.Since(began).Seconds()*1000)
	}
	cpu = shared.CPUSeconds(pid) - cpu
	return asked{P50: quantile(took, 0.5), P95: quantile(took, 0.95), CPU: cpu / float64(rounds) * 1000}, took, nil
}

// quantile is the smallest value that the share does not exceed.
func quantile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(share*float64(len(sorted))+0.999999)-1)]
}
