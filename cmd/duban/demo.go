package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/dashboards/access"
	"duban/ingest/importer"
	"duban/ingest/importer/mapping"
	"duban/ingest/source"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/supervision/simulate"
)

func newDemo() *cobra.Command {
	var listen, samples, mappings string
	sim := simulate.DefaultConfig()
	sim.Events, sim.Violations = 150_000, 0.02
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run all roles on real sample logs and a simulated province",
		Args:  cobra.NoArgs,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "", "address of the web server; one that others can reach needs users and server.hosts")
	f.StringVar(&samples, "samples", "testdata/samples", "folder of sample files")
	f.StringVar(&mappings, "mappings", "testdata/mappings", "folder of their mappings")
	f.Int64Var(&sim.Events, "events", sim.Events, "about how many facts the simulated province has; 0 for none")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		over := map[string]any{}
		if listen != "" {
			over["listen"] = listen
		}
		cfg, err := c.Load(over)
		if err != nil {
			return shell.Usage(err)
		}
		if c.LogLevel == "" {
			cfg.Log.Level = "error" // progress is shown instead
		}
		if len(cfg.Supervise.OwnLimits) == 0 {
			if cfg.Supervise.OwnLimits, err = sampleSources(samples, mappings); err != nil {
				return err
			}
		}
		d := demo{cfg: cfg, out: cmd.OutOrStdout(), samples: samples, mappings: mappings, sim: sim}
		err = runUp(cmd.Context(), cfg, d.fill)
		if err == nil {
			fmt.Fprintln(d.out, "stopped")
		}
		return err
	}
	return cmd
}

// sampleSources are the source systems of the sample logs, which have deadlines of their own.
func sampleSources(samples, mappings string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(samples, "*"))
	if err != nil {
		return nil, fmt.Errorf("list samples: %w", err)
	}
	var out []string
	for _, f := range files {
		stem, _, _ := strings.Cut(filepath.Base(f), ".")
		m, err := mapping.Load(filepath.Join(mappings, stem+".yaml"))
		if err != nil {
			return nil, err
		}
		out = append(out, cmp.Or(m.Source, stem))
	}
	return out, nil
}

// demo fills an instance that runs in this process.
type demo struct {
	cfg               config.Config
	out               io.Writer
	samples, mappings string
	sim               simulate.Config
}

// fill loads what is missing, waits until it is in the figures, and prints the
// address.
func (d demo) fill(ctx context.Context, address string) error {
	loaded, err := d.load(ctx)
	if err != nil {
		return err
	}
	c := &shell.Common{Data: d.cfg.Data}
	cl, err := c.Open()
	if err != nil {
		return err
	}
	defer cl.Close()
	sec, err := stack.Security(cl.Cfg.Kafka)
	if err != nil {
		return err
	}
	k, err := source.NewClient(cl.Brokers, "duban-demo", sec)
	if err != nil {
		return err
	}
	defer k.Close()
	if err := waitFolded(ctx, cl, k, os.Stderr); err != nil {
		return err
	}
	if loaded {
		printStatus(d.out, makeStatus(ctx, cl, k))
	}
	// The logs of other countries and years would drown the province.
	home := address + "/?source=" + d.sim.Source
	if d.sim.Events == 0 {
		home = address + "/"
	}
	fmt.Fprintf(d.out, "\n  Duban is ready:  %s\n\n  ask it:   bin/duban status --data %s\n  stop it:  Ctrl-C\n\n", home, d.cfg.Data)
	if link := access.SetupLink(d.cfg.Data); link != "" {
		fmt.Fprintf(d.out, "  administrator, when you want people to sign in:\n            %s\n\n", link)
	}
	return nil
}

// load publishes the samples and the province that are not marked as loaded.
func (d demo) load(ctx context.Context) (loaded bool, err error) {
	done, err := d.marks()
	if err != nil {
		return false, err
	}
	if err := d.mark(done, shell.DemoLimits, strings.Join(d.cfg.Supervise.OwnLimits, " ")); err != nil {
		return false, err
	}
	pub, key, err := d.publisher()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pub.Close()) }()
	files, err := filepath.Glob(filepath.Join(d.samples, "*"))
	if err != nil || len(files) == 0 {
		return false, fmt.Errorf("no sample files in %s: run the demo in the project folder", d.samples)
	}
	sort.Strings(files)
	for _, f := range files {
		sum, err := checksum(f)
		if err != nil {
			return loaded, err
		}
		if done[filepath.Base(f)] == sum {
			continue
		}
		if err := d.loadSample(ctx, f, pub, key); err != nil {
			return loaded, err
		}
		loaded = true
		if err := d.mark(done, filepath.Base(f), sum); err != nil {
			return loaded, err
		}
	}
	province := fmt.Sprintf("seed %d, %d events", d.sim.Seed, d.sim.Events)
	if d.sim.Events == 0 || done["simulated province"] != "" {
		return loaded, nil
	}
	d.sim.Settle = func(ctx context.Context) error {
		return waitUntilProcessed(ctx, &shell.Common{Data: d.cfg.Data}, time.Now())
	}
	sign, err := stack.ActionKey(d.cfg)
	if err != nil {
		return loaded, err
	}
	if _, err := runSimulation(ctx, d.sim, signing{pub, sign}, filepath.Join(d.cfg.Data, "ledger.json")); err != nil {
		return loaded, err
	}
	return true, d.mark(done, "simulated province", province)
}

func (d demo) publisher() (*source.KafkaPublisher, []byte, error) {
	e, err := instance.Read(d.cfg.Data)
	if err != nil {
		return nil, nil, err
	}
	key, err := instance.Secret(d.cfg.Data, "token-key", d.cfg.Secrets.TokenKeyFile)
	if err != nil {
		return nil, nil, err
	}
	sec, err := stack.Security(d.cfg.Kafka)
	if err != nil {
		return nil, nil, err
	}
	pub, err := source.NewPublisher(e.Kafka, source.PublisherOptions{ClientID: "duban-demo", Security: sec})
	return pub, key, err
}

func (d demo) loadSample(ctx context.Context, file string, pub importer.Publisher, key []byte) error {
	stem, _, _ := strings.Cut(filepath.Base(file), ".")
	m, err := mapping.Load(filepath.Join(d.mappings, stem+".yaml"))
	if err != nil {
		return err
	}
	b := newBar(os.Stderr, filepath.Base(file))
	sum, err := importer.Run(ctx, []string{file}, m, pub, importer.Options{TokenKey: key, Progress: func(p importer.Progress) {
		b.set(p.BytesRead, p.BytesTotal, fmt.Sprintf("%d events, %.0f/s, %d refused", p.Events, p.Rate, p.Refused))
	}})
	if err != nil {
		return fmt.Errorf("load %s: %w", file, err)
	}
	b.done()
	if sum.Refused > 0 {
		fmt.Fprintf(os.Stderr, "  %d rows refused; `duban load --check` lists them\n", sum.Refused)
	}
	return nil
}

func (d demo) marks() (map[string]string, error) { return shell.DemoMarks(d.cfg.Data) }

func (d demo) mark(done map[string]string, name, value string) error {
	done[name] = value
	b, err := json.MarshalIndent(done, "", "  ")
	if err != nil {
		return fmt.Errorf("encode what the demo loaded: %w", err)
	}
	if err := os.WriteFile(filepath.Join(d.cfg.Data, shell.DemoFile), append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write what the demo loaded: %w", err)
	}
	return nil
}

func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open sample: %w", err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read sample: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
