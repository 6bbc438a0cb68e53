package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/rule"
	"duban/supervision/rule/ruletest"
)

func newRule() *cobra.Command {
	cmd := &cobra.Command{Use: "rule", Short: "List, check and test supervision rules"}
	cmd.AddCommand(newRuleList(), newRuleTest())
	return cmd
}

// loadRules reads the catalogue with the rules of --rules or the configuration.
func loadRules(c *shell.Common, dir string) (*queries.Registry, *rule.Catalogue, error) {
	cfg, err := c.Load(nil)
	if err != nil {
		return nil, nil, shell.Usage(err)
	}
	if dir == "" {
		dir = cfg.Rules.Dir
	}
	reg, err := queries.Load()
	if err != nil {
		return nil, nil, err
	}
	cat, err := rule.Load(reg, dir)
	return reg, cat, err
}

func newRuleList() *cobra.Command {
	var dir string
	cmd := &cobra.Command{Use: "list", Short: "List the rules in force; a file that is wrong is named with line and reason",
		Args: cobra.NoArgs}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&dir, "rules", "", "folder with further rules (default: rules.dir of the configuration)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		_, cat, err := loadRules(c, dir)
		if err != nil {
			return err
		}
		t := table.NewWriter()
		t.SetOutputMirror(cmd.OutOrStdout())
		t.AppendHeader(table.Row{"ID", "V", "名称", "Name", "Subject", "Evaluated", "Severities", "Clear", "Issue"})
		for _, r := range cat.All() {
			var ladder []string
			for _, x := range r.Ladder {
				ladder = append(ladder, fmt.Sprintf("%s %s −%s", x.Severity, x.Notify, strconv.FormatFloat(x.Points, 'f', -1, 64)))
			}
			t.AppendRow(table.Row{r.ID, r.Version, r.Names.Zh, r.Names.En, r.Subject, r.Evaluation, strings.Join(ladder, ", "),
				strings.Join(r.Clear, ""), r.Issue})
		}
		t.Render()
		return nil
	}
	return cmd
}

func newRuleTest() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "test FILE…",
		Short: "Test rules: facts in, expected alerts out, through the real fold and a real ClickHouse",
		Long: "A test file names a rule, lists facts as messages and says which alerts of the rule hold at which\n" +
			"instants. See docs/supervision.md, \"Testing a rule\".",
		Args: cobra.MinimumNArgs(1),
	}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&dir, "rules", "", "folder with further rules (default: rules.dir of the configuration)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		reg, cat, err := loadRules(c, dir)
		if err != nil {
			return err
		}
		files := make([]*ruletest.File, len(args)) // all are read before an engine is started for them
		for i, path := range args {
			if files[i], err = ruletest.Read(path); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		return withEngine(cmd.Context(), func(open func() (*store.DB, error)) error {
			failed := 0
			for i, path := range args {
				problems, err := testRule(cmd.Context(), open, reg, cat, files[i])
				switch {
				case err != nil:
					return fmt.Errorf("%s: %w", path, err)
				case len(problems) == 0:
					fmt.Fprintf(cmd.OutOrStdout(), "✓ %s\n", path)
				default:
					failed++
					fmt.Fprintf(cmd.OutOrStdout(), "✗ %s\n    %s\n", path, strings.Join(problems, "\n    "))
				}
			}
			if failed > 0 {
				return shell.ErrProblems
			}
			return nil
		})
	}
	return cmd
}

func testRule(ctx context.Context, open func() (*store.DB, error), reg *queries.Registry, cat *rule.Catalogue,
	f *ruletest.File) ([]string, error) {
	db, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	return ruletest.Run(ctx, db, reg, cat, f)
}

// withEngine starts a ClickHouse of its own in a temporary folder; open makes an
// empty, migrated database in it.
func withEngine(ctx context.Context, do func(open func() (*store.DB, error)) error) (err error) {
	dir, err := os.MkdirTemp("", "duban-rule-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	lib, err := store.FindLibrary()
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	e, err := store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(dir, "clickhouse"), Command: []string{exe, stack.ChildCommand}, Library: lib, Server: store.DefaultServerConfig(),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	n := 0
	return do(func() (*store.DB, error) {
		n++
		address, err := url.Parse(e.DSN())
		if err != nil {
			return nil, errors.New("the address of the engine is not valid")
		}
		address.Path = fmt.Sprintf("/rule_%d", n)
		db, err := store.Open(address.String())
		if err != nil {
			return nil, err
		}
		if err := db.EnsureDatabase(ctx); err != nil {
			return nil, err
		}
		reg, err := queries.Load()
		if err != nil {
			return nil, err
		}
		return db, queries.Migrate(ctx, db.Conn(), reg, time.Now)
	})
}
