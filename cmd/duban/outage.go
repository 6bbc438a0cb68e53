package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/queries"
)

func newOutage() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "outage",
		Short: "Declared outages: alerts reached within them wait, or are excused",
		Long: `A declared outage is an action of a person of the supervision office, or, that a source is
down, of a system administrator. It stays on record with who declared it, why, and what it
held back. See docs/supervision.md section 8.`,
	}
	cmd.AddCommand(newOutageList(), newOutageCases(), newOutageDeclare(),
		newOutageChange("end", "End an outage that lasts, as of now"),
		newOutageChange("revoke", "Take a declaration back: all that it held back is said"))
	return cmd
}

// ruleArgs are the parameters by which queries know the category of a rule.
func ruleArgs(c *shell.Common) (queries.Args, error) {
	_, cat, err := loadRules(c, "")
	if err != nil {
		return nil, err
	}
	var ids, categories []string
	for _, r := range cat.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	// whoever reads the data folder sees all of it
	return queries.Args{"rule_ids": ids, "rule_categories": categories, "secret": "all"}, nil
}

func newOutageList() *cobra.Command {
	var asOf string
	cmd := &cobra.Command{Use: "list", Short: "List the outages with how much each holds back", Args: cobra.NoArgs}
	c := shell.AddCommon(cmd)
	format := shell.AddFormat(cmd)
	cmd.Flags().StringVar(&asOf, "as-of", "", "those declared by this instant (default: now)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		args, err := ruleArgs(c)
		if err != nil {
			return err
		}
		args["as_of"] = time.Now()
		if asOf != "" {
			if args["as_of"], err = shell.ParseInstant("as-of", asOf); err != nil {
				return err
			}
		}
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			return cl.Reg.Run(ctx, cl.DB.Conn(), "page/outages", args)
		})
	}
	return cmd
}

func newOutageCases() *cobra.Command {
	cmd := &cobra.Command{Use: "cases ID", Short: "List what an outage holds back, subject by subject", Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	format := shell.AddFormat(cmd)
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		args, err := ruleArgs(c)
		if err != nil {
			return err
		}
		args["id"] = ids[0]
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			return cl.Reg.Run(ctx, cl.DB.Conn(), "page/outage_cases", args)
		})
	}
	return cmd
}

func newOutageDeclare() *cobra.Command {
	var as, from, until, reason, effect, ground string
	scope := map[string]*string{}
	var all bool
	var evidence, categories, rules []string
	cmd := &cobra.Command{
		Use: "declare", Short: "Declare an outage in the name of a user", Args: cobra.NoArgs,
		Example: `  duban outage declare --as wang --source zwfw --from 2026-03-09T18:00:00 --until 2026-03-10T09:00:00 --reason 机房断电
  duban outage declare --as li --org 11610000… --from … --until … --reason 大厅停电 --effect excuse --ground system_error --evidence 供电局通知`,
	}
	c := shell.AddCommon(cmd)
	f := cmd.Flags()
	for name, help := range map[string]string{"source": "source system that is down", "org": "organisation, with all below it",
		"region": "division, with all below it"} {
		scope[name] = f.String(name, "", help)
	}
	f.BoolVar(&all, "all", false, "everything")
	f.StringVar(&as, "as", "", "sign-in name of the user who declares (required)")
	f.StringVar(&from, "from", "", "begin (required)")
	f.StringVar(&until, "until", "", "end (required)")
	f.StringVar(&reason, "reason", "", "why (required)")
	f.StringVar(&effect, "effect", "hold", "hold: said after the end; excuse: never said")
	f.StringVar(&ground, "ground", "", "of an excuse: system_error, holiday_error, force_majeure or superior_order")
	f.StringArrayVar(&evidence, "evidence", nil, "document, by reference; needed for an excuse and for what reaches back more than three days")
	f.StringSliceVar(&categories, "category", nil, "only rules of this category")
	f.StringSliceVar(&rules, "rule", nil, "only this rule")
	for _, name := range []string{"as", "from", "until", "reason"} {
		_ = cmd.MarkFlagRequired(name)
	}
	cmd.MarkFlagsOneRequired("source", "org", "region", "all")
	cmd.MarkFlagsMutuallyExclusive("source", "org", "region", "all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		p := map[string]any{"scope": "all", "reason": reason, "effect": effect}
		for name, code := range scope {
			if *code != "" {
				p["scope"], p["code"] = name, *code
			}
		}
		for name, text := range map[string]string{"from": from, "until": until} {
			at, err := shell.ParseInstant(name, text)
			if err != nil {
				return err
			}
			p[name] = at.Format(time.RFC3339Nano)
		}
		if ground != "" {
			p["ground"] = ground
		}
		for key, list := range map[string][]string{"evidence": evidence, "categories": categories, "rules": rules} {
			if len(list) > 0 {
				p[key] = list
			}
		}
		d := actions.Command{Subject: actions.Subject{Kind: "outage", ID: uuid.NewString()}, Action: "declare", Payload: p}
		return act(cmd, c, as, d)
	}
	return cmd
}

func newOutageChange(action, short string) *cobra.Command {
	var as, comment string
	cmd := &cobra.Command{Use: action + " ID", Short: short, Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	cmd.Flags().StringVar(&as, "as", "", "sign-in name of the user who does it (required)")
	cmd.Flags().StringVar(&comment, "comment", "", "why")
	_ = cmd.MarkFlagRequired("as")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d := actions.Command{Subject: actions.Subject{Kind: "outage", ID: args[0]}, Action: action, Payload: map[string]any{}}
		if comment != "" {
			d.Payload["comment"] = comment
		}
		return act(cmd, c, as, d)
	}
	return cmd
}

var selectSeq = queries.Select[struct {
	Seq uint32 `ch:"seq"`
}]("work/items_of", "kind", "id", "state", "level", "origin", "org_code", "co_orgs", "co_regions", "region_code", "subjects", "alerts",
	"round", "extended", "assignee", "data", "opened_at", "due_at", "final_due_at", "stopped_at", "closed_at", "updated_at")

// act records a command on an outage in the name of a user, as a page would, and
// waits for what becomes of it.
func act(cmd *cobra.Command, c *shell.Common, as string, command actions.Command) error {
	people, err := people(c)
	if err != nil {
		return err
	}
	u, err := people.users.ByName(access.NormalName(as))
	if err != nil {
		return shell.Usage(fmt.Errorf("--as %s: %w; `duban user add` adds users", as, err))
	}
	u.MustChange = false // who reaches the folder of the instance needs no password here
	ctx := access.NewContext(cmd.Context(), u)
	cl, err := c.Open()
	if err != nil {
		return err
	}
	defer cl.Close()
	if command.Action != "declare" {
		known, _, err := selectSeq.First(ctx, cl.Reg, cl.DB.Conn(), queries.Args{"ids": []string{command.ID}})
		if err != nil {
			return err
		}
		command.Seq = known.Seq
	}
	journal := stack.NewJournal(cl.Cfg, cl.Brokers, "duban-outage")
	if err := journal.Ready(); err != nil {
		return err
	}
	defer func() { _ = journal.Close() }()
	service := actions.New(actions.Deps{Registry: cl.Reg, Conn: cl.DB.Conn(), Journal: journal,
		Log: slog.New(slog.DiscardHandler), Now: time.Now})
	// On the trail before it counts: a crash in between must not hide who did it.
	if err := people.trail.Record(access.Entry{UserID: u.ID, Role: u.Role, What: "outage." + command.Action, TargetKind: "outage",
		TargetID: command.ID, Outcome: "attempted"}); err != nil {
		return err
	}
	results, err := service.Act(ctx, actions.PersonOf(u), []actions.Command{command})
	if err != nil {
		return err
	}
	switch r := results[0]; r.Outcome {
	case "accepted":
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", command.ID, r.Outcome)
		return nil
	case "waiting":
		fmt.Fprintf(cmd.OutOrStdout(), "%s recorded; no engine has judged it yet\n", command.ID)
		return nil
	default:
		return errors.New(refusalText(r))
	}
}

// refusalText says what was wrong, with the details.
func refusalText(r actions.Result) string {
	text := r.Outcome + ": " + r.Key
	for k, v := range r.Details {
		if k != "key" {
			text += fmt.Sprintf(", %s %s", k, v)
		}
	}
	return text
}
