package fold

import (
	"context"
	"fmt"
	"slices"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/divisions"
	"duban/supervision/lifecycle/items"
	"duban/supervision/statestore"
)

// calendarDay is a day as table calendar_days holds it.
type calendarDay struct {
	Day         calendar.Day `ch:"day_no"`
	Workday     bool         `ch:"is_workday"`
	Index       int32        `ch:"workday_index"`
	Provisional bool         `ch:"provisional"`
	MayBeOff    bool         `ch:"may_be_off"`
	Name        string       `ch:"name"`
}

var (
	selectCalendarDays = queries.Select[calendarDay]("engine/calendar_days_stored")

	selectRegions = queries.Select[struct {
		Regions uint64 `ch:"regions"`
	}]("engine/regions_stored")

	selectItems = queries.Select[serviceItem]("engine/catalogue")
)

// WriteReference stores the calendar and the divisions that the figures join
// with, when the tables do not hold them.
func (f *Folder) WriteReference(ctx context.Context) error {
	if err := f.WriteCalendar(ctx, f.calendar()); err != nil {
		return err
	}
	return f.writeRegions(ctx)
}

// WriteCalendar stores the days of the calendar in force. The days of a version
// that an earlier program wrote otherwise are written again: the newest row of a
// day is the one that counts.
func (f *Folder) WriteCalendar(ctx context.Context, cal *calendar.Calendar) error {
	stored, err := f.storedDays(ctx, cal.Version())
	if err != nil {
		return err
	}
	var days []statestore.CalendarDay
	same, last := 0, int32(0)
	for d := range cal.Days() {
		row := statestore.CalendarDay{
			Day: d.Day, Workday: d.Workday, Index: d.Index, Provisional: d.Provisional, MayBeOff: d.Workday && d.Sure == last, Name: d.Name,
		}
		last = d.Sure
		if stored[d.Day] == row {
			same++
		}
		days = append(days, row)
	}
	if same == len(days) && len(stored) == same {
		return nil
	}
	return statestore.InsertCalendar(ctx, f.pool, cal.Version(), days)
}

// storedDays reads the days of a version as they are stored.
func (f *Folder) storedDays(ctx context.Context, version string) (map[calendar.Day]statestore.CalendarDay, error) {
	rows, err := selectCalendarDays.All(ctx, f.reg, f.conn(), queries.Args{"version": version})
	if err != nil {
		return nil, err
	}
	out := make(map[calendar.Day]statestore.CalendarDay, len(rows))
	for _, m := range rows {
		out[m.Day] = statestore.CalendarDay(m)
	}
	return out, nil
}

func (f *Folder) writeRegions(ctx context.Context) error {
	stored, err := selectRegions.One(ctx, f.reg, f.conn(), queries.Args{"edition": divisions.Edition})
	if err != nil || stored.Regions == divisions.Count {
		return err
	}
	table, err := divisions.Load()
	if err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	return statestore.InsertRegions(ctx, f.pool, slices.Collect(table.Rows()))
}

// LoadCatalogue takes over the service items as far as they are folded.
func (f *Folder) LoadCatalogue(ctx context.Context) error {
	next, err := f.Cursors(ctx)
	if err != nil {
		return err
	}
	return f.takeCatalogue(ctx, next)
}

// LoadCatalogueUntil takes over the service items as far as the end of a span.
func (f *Folder) LoadCatalogueUntil(ctx context.Context, s Span) error {
	next, err := f.Cursors(ctx)
	if err != nil {
		return err
	}
	for i, p := range s.Partitions {
		next[Position{string(s.Topic), p}] = s.Untils[i]
	}
	return f.takeCatalogue(ctx, next)
}

func (f *Folder) takeCatalogue(ctx context.Context, next map[Position]uint64) error {
	c, err := f.readCatalogue(ctx, next)
	if err == nil {
		f.catalogue = c
	}
	return err
}

// readCatalogue reads the service items below the given offsets.
func (f *Folder) readCatalogue(ctx context.Context, next map[Position]uint64) (*items.Catalogue, error) {
	partitions, untils := []uint64{}, []uint64{}
	for p, end := range next {
		if p.Topic == string(event.TopicItems) {
			partitions, untils = append(partitions, p.Partition), append(untils, end)
		}
	}
	rows, err := selectItems.All(ctx, f.reg, f.conn(), queries.Args{"partitions": partitions, "untils": untils})
	if err != nil {
		return nil, err
	}
	versions := make([]event.Item, len(rows))
	for i := range rows {
		versions[i] = rows[i].item()
	}
	return items.New(versions), nil
}
