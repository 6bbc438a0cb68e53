package calendarcmd

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"duban/cmd/duban/internal/shell"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// New is the command with those below it.
func New() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "calendar",
		Short: "Count working days by hand; load the notice of another year",
		Long: `The calendar is data: when the State Council publishes the notice of another year, or changes
one, load its file, look at what it would move, and put it into force. See docs/calendar.md.`,
	}
	cmd.AddCommand(newCalendarDue(), newCalendarCount(), newCalendarList(), newCalendarShow(), newCalendarImport(), newCalendarPut())
	return cmd
}

// calendarFlags are shared by the commands that count. They need no instance
// for the versions of the program.
type calendarFlags struct {
	version, format string
	common          *shell.Common
}

func (f *calendarFlags) add(cmd *cobra.Command) {
	f.common = shell.AddCommon(cmd)
	cmd.Flags().StringVar(&f.version, "calendar", calendar.DefaultVersion,
		fmt.Sprintf("calendar version: one of %v, or one that the office loaded into the instance", calendar.Versions()))
	cmd.Flags().StringVar(&f.format, "format", "table", "table or json")
}

func (f *calendarFlags) load(cmd *cobra.Command) (*calendar.Calendar, error) {
	if f.format != "table" && f.format != "json" {
		return nil, shell.Usage(fmt.Errorf("--format %q is not one of table, json", f.format))
	}
	if slices.Contains(calendar.Versions(), f.version) {
		return calendar.Load(f.version)
	}
	cl, err := f.common.OpenReader()
	if err != nil {
		return nil, fmt.Errorf("calendar %s is none of the program's (%v) and no instance is there to ask: %w", f.version,
			calendar.Versions(), err)
	}
	defer cl.Close()
	return almanac.New(cl.Reg, cl.DB.Conn(), "", time.Now).Load(cmd.Context(), f.version)
}

// dayLine is one day of an explanation as printed.
type dayLine struct {
	Date    string `json:"date"`
	Weekday string `json:"weekday"`
	Workday bool   `json:"workday"`
	Reason  string `json:"reason"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role"`
	Count   int32  `json:"count"`
}

func lines(days []calendar.CountedDay) []dayLine {
	out := make([]dayLine, len(days))
	for i, d := range days {
		out[i] = dayLine{
			Date: d.Day.String(), Weekday: d.Day.Weekday().String(), Workday: d.Workday,
			Reason: string(d.Reason), Name: d.Name, Role: string(d.Role), Count: d.N,
		}
	}
	return out
}

func newCalendarDue() *cobra.Command {
	var f calendarFlags
	var start, unit, mode string
	var days int32
	var roll bool
	cmd := &cobra.Command{
		Use:   "due --start DATE --days N",
		Short: "The day on which a limit runs out",
		Example: `  duban calendar due --start 2019-09-27 --days 5
  duban calendar due --start 2025-09-27 --days 30 --unit C --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cal, err := f.load(cmd)
			if err != nil {
				return err
			}
			at, err := shell.ParseInstant("start", start)
			if err != nil {
				return err
			}
			rule := calendar.DefaultDueRule()
			rule.Mode = calendar.DueMode(mode)
			if err := rule.Validate(); err != nil {
				return shell.Usage(err)
			}
			if days < 0 || days > 3660 {
				return shell.Usage(fmt.Errorf("--days %d is not between 0 and 3660", days))
			}
			if err := calendar.Unit(unit).Validate(); err != nil {
				return shell.Usage(fmt.Errorf("--unit: %w", err))
			}
			limit := calendar.Limit{N: days, Unit: calendar.Unit(unit), RollForward: roll}
			due, counted, err := cal.ExplainDue(at.UnixMilli(), limit, 0, rule)
			if err != nil {
				return shell.Usage(err)
			}
			out := struct {
				Start       string    `json:"start"`
				Days        int32     `json:"days"`
				Unit        string    `json:"unit"`
				Due         string    `json:"due"`
				DueAt       string    `json:"due_at"`
				DueMode     string    `json:"due_mode"`
				Provisional bool      `json:"provisional"`
				Calendar    string    `json:"calendar_version"`
				Explanation []dayLine `json:"explanation"`
			}{
				Start: at.In(lawzone.Zone).Format(time.DateOnly), Days: days, Unit: unit,
				Due: due.Day.String(), DueAt: time.UnixMilli(due.At).In(lawzone.Zone).Format("2006-01-02T15:04:05.000Z07:00"),
				DueMode: mode, Provisional: due.Provisional, Calendar: cal.Version(), Explanation: lines(counted),
			}
			w := cmd.OutOrStdout()
			if f.format == "json" {
				return shell.PrintJSON(w, out)
			}
			fmt.Fprintf(w, "due %s (%s)  calendar %s%s\n", out.Due, out.DueAt, out.Calendar, provisionalNote(due.Provisional))
			printDays(w, out.Explanation)
			return nil
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&start, "start", "", "day or instant on which the limit starts (not counted)")
	cmd.Flags().Int32Var(&days, "days", 0, "the limit, in --unit")
	cmd.Flags().StringVar(&unit, "unit", "W", "W working days, C calendar days, H hall hours, M months")
	cmd.Flags().StringVar(&mode, "due-mode", "end_of_day", "end_of_day, close_of_business or same_instant")
	cmd.Flags().BoolVar(&roll, "roll-forward", true, "a calendar-day limit that ends on a day off moves to the next working day")
	_ = cmd.MarkFlagRequired("start")
	_ = cmd.MarkFlagRequired("days")
	return cmd
}

func newCalendarCount() *cobra.Command {
	var f calendarFlags
	var after, through string
	cmd := &cobra.Command{
		Use:     "count --after DATE --through DATE",
		Short:   "The number of working days after one day, through another",
		Example: "  duban calendar count --after 2026-02-10 --through 2026-03-01",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cal, err := f.load(cmd)
			if err != nil {
				return err
			}
			a, err := shell.ParseInstant("after", after)
			if err != nil {
				return err
			}
			b, err := shell.ParseInstant("through", through)
			if err != nil {
				return err
			}
			from, to := calendar.DayOf(a.UnixMilli()), calendar.DayOf(b.UnixMilli())
			n, counted, err := cal.ExplainCount(from, to)
			if err != nil {
				return shell.Usage(err)
			}
			out := struct {
				After       string    `json:"after"`
				Through     string    `json:"through"`
				Workdays    int32     `json:"workdays"`
				Provisional bool      `json:"provisional"`
				Calendar    string    `json:"calendar_version"`
				Explanation []dayLine `json:"explanation"`
			}{from.String(), to.String(), n, cal.ProvisionalSpan(from, to), cal.Version(), lines(counted)}
			w := cmd.OutOrStdout()
			if f.format == "json" {
				return shell.PrintJSON(w, out)
			}
			fmt.Fprintf(w, "%d working days  calendar %s%s\n", n, out.Calendar, provisionalNote(out.Provisional))
			printDays(w, out.Explanation)
			return nil
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&after, "after", "", "the day before the first one counted")
	cmd.Flags().StringVar(&through, "through", "", "the last day counted")
	_ = cmd.MarkFlagRequired("after")
	_ = cmd.MarkFlagRequired("through")
	return cmd
}

func provisionalNote(p bool) string {
	if p {
		return "  PROVISIONAL: a State Council notice still to come may change these days"
	}
	return ""
}

func printDays(w io.Writer, days []dayLine) {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"date", "weekday", "working day", "why", "part", "count"})
	for _, d := range days {
		why := d.Reason
		if d.Name != "" {
			why += " " + d.Name
		}
		t.AppendRow(table.Row{d.Date, d.Weekday, d.Workday, why, d.Role, d.Count})
	}
	t.Render()
}
