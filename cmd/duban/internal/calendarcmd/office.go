package calendarcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/dashboards/access"
	"duban/internal/blank"
	"duban/internal/config"
	"duban/queries"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

func newCalendarList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the versions of the calendar, and which one is in force", Args: cobra.NoArgs}
	c := shell.AddCommon(cmd)
	format := shell.AddFormat(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			versions, err := almanac.New(cl.Reg, cl.DB.Conn(), cl.Cfg.Supervise.CalendarVersion, time.Now).Versions(ctx)
			if err != nil {
				return nil, err
			}
			res := shell.TextResult("version", "in_force", "base", "year", "document", "issued", "imported_by", "imported_at",
				"put_by", "put_at", "reason")
			for _, v := range versions {
				year := ""
				if v.Year > 0 {
					year = strconv.Itoa(v.Year)
				}
				shell.AddRow(res, v.Name, strconv.FormatBool(v.InForce), v.Base, year, v.Document, v.Issued, v.ImportedBy,
					shell.Moment(v.ImportedAt), v.PutBy,
					shell.Moment(v.PutAt), v.Reason)
			}
			return res, nil
		})
	}
	return cmd
}

func newCalendarShow() *cobra.Command {
	var year int
	cmd := &cobra.Command{
		Use: "show [VERSION]", Short: "The days of a year that are not as their weekday, or may still change", Args: cobra.MaximumNArgs(1),
		Example: "  duban calendar show --year 2027\n  duban calendar show cn-2026-11-05-1a2b3c4d --year 2027 --format csv",
	}
	c := shell.AddCommon(cmd)
	format := shell.AddFormat(cmd)
	cmd.Flags().IntVar(&year, "year", time.Now().In(lawzone.Zone).Year(), "the year")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return shell.Question(cmd, c, format, func(ctx context.Context, cl *shell.Client) (*queries.Result, error) {
			a := almanac.New(cl.Reg, cl.DB.Conn(), cl.Cfg.Supervise.CalendarVersion, time.Now)
			cal, err := a.InForce(ctx)
			if len(args) > 0 {
				cal, err = a.Load(ctx, args[0])
			}
			if err != nil {
				return nil, err
			}
			res := shell.TextResult("date", "weekday", "working_day", "why", "name", "may_still_change")
			for d := calendar.MakeDay(year, 1, 1); d <= calendar.MakeDay(year, 12, 31); d++ {
				if why := cal.Reason(d); why != calendar.ReasonWorkday && why != calendar.ReasonWeekend || cal.Provisional(d) {
					shell.AddRow(res, d.String(), d.Weekday().String(), strconv.FormatBool(cal.IsWorkday(d)), string(why), cal.Name(d),
						strconv.FormatBool(cal.Provisional(d)))
				}
			}
			return res, nil
		})
	}
	return cmd
}

func newCalendarImport() *cobra.Command {
	var as, reason string
	var put, check bool
	var change shell.ChangeFlags
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Load the holiday notice of a year as a new version of the calendar", Args: cobra.ExactArgs(1),
		Long: `Load the notice of a year (JSON, YAML or CSV, see docs/calendar.md) on top of the version in
force. What no notice can say is refused with line and reason. The new version waits until it is
put into force; --explain-change says before what it would move.`,
		Example: `  duban calendar import 2027.yaml --check
  duban calendar import 2027.yaml --as wang --explain-change
  duban calendar import 2027.yaml --as wang --put-into-force --reason 国办发明电〔2026〕…号`,
	}
	c := shell.AddCommon(cmd)
	change.Add(cmd)
	cmd.Flags().StringVar(&as, "as", "", "sign-in name of the user who loads it; needed once there are users")
	cmd.Flags().BoolVar(&check, "check", false, "only say what is wrong and what differs; keep nothing")
	cmd.Flags().BoolVar(&put, "put-into-force", false, "put the version into force at once; needs --reason")
	cmd.Flags().StringVar(&reason, "reason", "", "why it is put into force: the number of the paper")
	cmd.MarkFlagsMutuallyExclusive("check", "put-into-force")
	cmd.MarkFlagsMutuallyExclusive("check", "explain-change")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := shell.CheckFormat(*change.Format); err != nil {
			return err
		}
		if put && blank.Is(reason) {
			return shell.Usage(errors.New("--put-into-force needs --reason: why it is put into force"))
		}
		file, err := os.Open(args[0])
		if err != nil {
			return shell.Usage(err)
		}
		data, err := io.ReadAll(io.LimitReader(file, calendar.MaxNoticeBytes+1))
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		s, err := c.Join(cmd.Context(), func(*config.Config) error { return nil })
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Stop()) }()
		p, err := s.Almanac().Preview(cmd.Context(), args[0], data)
		if err != nil {
			return err
		}
		w := cmd.OutOrStdout()
		if len(p.Problems) > 0 {
			for _, problem := range p.Problems {
				fmt.Fprintf(w, "%s: %s\n", args[0], problem)
			}
			return shell.ErrProblems
		}
		tellPreview(w, args[0], p)
		if check {
			return nil
		}
		by, err := deedOf(c, as)
		if err != nil {
			return err
		}
		if err := s.Almanac().Import(cmd.Context(), p, by.ID); err != nil {
			return err
		}
		if err := noteCalendar(cmd.Context(), s, by, p.Is.Version()); err != nil {
			return err
		}
		if change.Explain {
			if err := explainCalendar(cmd, s, &change, p.Is.Version()); err != nil {
				return err
			}
		}
		if !put {
			fmt.Fprintf(w, "kept, not in force: `duban calendar put-into-force %s --reason …` makes it count\n", p.Is.Version())
			return nil
		}
		return putIntoForce(cmd, s, by, p.Is.Version(), reason)
	}
	return cmd
}

func newCalendarPut() *cobra.Command {
	var as, reason string
	var change shell.ChangeFlags
	cmd := &cobra.Command{Use: "put-into-force VERSION", Short: "Make a version of the calendar the one that counts, from now on",
		Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	change.Add(cmd)
	cmd.Flags().StringVar(&as, "as", "", "sign-in name of the user who does it; needed once there are users")
	cmd.Flags().StringVar(&reason, "reason", "", "why: the number of the paper")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := shell.CheckFormat(*change.Format); err != nil {
			return err
		}
		if blank.Is(reason) && !change.Explain {
			return shell.Usage(errors.New("--reason is needed: why it is put into force"))
		}
		by, err := deedOf(c, as)
		if err != nil {
			return err
		}
		s, err := c.Join(cmd.Context(), func(*config.Config) error { return nil })
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Stop()) }()
		if _, err := s.Almanac().Load(cmd.Context(), args[0]); err != nil {
			return shell.Usage(err)
		}
		if change.Explain {
			return explainCalendar(cmd, s, &change, args[0])
		}
		return putIntoForce(cmd, s, by, args[0], reason)
	}
	return cmd
}

// putIntoForce makes a version count and leaves a line in the audit trail.
func putIntoForce(cmd *cobra.Command, s *stack.Stack, by access.User, version, reason string) error {
	err := s.Almanac().PutIntoForce(cmd.Context(), version, by.ID, reason)
	if errors.Is(err, almanac.ErrPinned) {
		return shell.Usage(err)
	}
	if err != nil {
		return err
	}
	if err := noteCalendar(cmd.Context(), s, by, version); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s is in force; the supervise role folds what it moves within seconds\n", version)
	return nil
}

// explainCalendar says what a version would move, as supervise --explain-change does, and
// keeps it, for the page of the version.
func explainCalendar(cmd *cobra.Command, s *stack.Stack, f *shell.ChangeFlags, version string) error {
	was := s.Cfg.Supervise.CalendarVersion
	s.Cfg.Supervise.CalendarVersion, f.KeepAs = version, version
	defer func() { s.Cfg.Supervise.CalendarVersion = was }()
	return shell.ExplainChange(cmd, s, f)
}

// tellPreview prints what a notice is and which days it changes.
func tellPreview(w io.Writer, name string, p *almanac.Preview) {
	kind := "the notice"
	if p.Amends {
		kind = "another notice"
	}
	fmt.Fprintf(w, "%s: %s of %d, %d days; version %s on %s\n", name, kind, p.Notice.Year, len(p.Notice.Days), p.Is.Version(), p.Was.Version())
	for _, r := range p.Remarks {
		fmt.Fprintf(w, "look at this: %s: %s\n", name, r)
	}
	for _, d := range p.Changes {
		if d.Was.Workday != d.Is.Workday {
			fmt.Fprintf(w, "  %s %-9s %s -> %s  %s\n", d.Was.Day, d.Was.Day.Weekday(), workWord(d.Was.Workday), workWord(d.Is.Workday), d.Is.Name)
		}
	}
}

func workWord(work bool) string {
	if work {
		return "working day"
	}
	return "day off"
}

// deedOf is who does something to the calendar on the command line: a user who
// may, or, while there are none, whoever reaches the folder of the instance.
func deedOf(c *shell.Common, as string) (access.User, error) {
	cfg, err := c.Load(nil)
	if err != nil {
		return access.User{}, err
	}
	users := stack.Users(cfg)
	if as == "" {
		any, err := users.Any()
		if err == nil && any {
			err = shell.Usage(errors.New("--as is needed: whose deed it is"))
		}
		return access.User{ID: access.CLI}, err
	}
	u, err := users.ByName(access.NormalName(as))
	if err != nil {
		return u, shell.Usage(fmt.Errorf("--as %s: %w; `duban user add` adds users", as, err))
	}
	if !slices.Contains([]access.Role{access.Supervisor, access.Sysadmin}, u.Role) || !u.Role.Has(access.CalendarManage) {
		return u, shell.Usage(fmt.Errorf("--as %s: the role %s may not do this; a supervisor or sysadmin may", as, u.Role))
	}
	return u, nil
}

// noteCalendar leaves a line in the audit trail.
func noteCalendar(ctx context.Context, s *stack.Stack, by access.User, version string) error {
	trail := access.NewTrail(s.Cfg.Data, time.Now)
	return trail.Record(access.Entry{
		UserID: by.ID, Role: by.Role, What: string(access.CalendarManage), TargetKind: "calendar", TargetID: version, Outcome: access.Done,
	})
}
