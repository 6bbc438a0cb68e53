package statestore

import (
	"context"
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/calendar"
	"duban/supervision/divisions"
)

// CalendarDay is a row of table calendar_days.
type CalendarDay struct {
	Day         calendar.Day
	Workday     bool
	Index       int32
	Provisional bool
	// MayBeOff: a working day that a notice still to come may take.
	MayBeOff bool
	Name     string
}

// InsertCalendar writes the days of a version.
func InsertCalendar(ctx context.Context, p *Pool, version string, days []CalendarDay) error {
	r := newRow[CalendarDay]()
	r.low("version", func(*CalendarDay) string { return version })
	add(r, "day", new(proto.ColDate32), func(d *CalendarDay) time.Time { return time.Unix(int64(d.Day)*86400, 0).UTC() })
	r.flag("is_workday", func(d *CalendarDay) bool { return d.Workday })
	r.i32("workday_index", func(d *CalendarDay) int32 { return d.Index })
	r.flag("provisional", func(d *CalendarDay) bool { return d.Provisional })
	r.flag("may_be_off", func(d *CalendarDay) bool { return d.MayBeOff })
	r.text("name", func(d *CalendarDay) string { return d.Name })
	return insertAll(ctx, p, "calendar_days", r, days)
}

// InsertRegions writes divisions.
func InsertRegions(ctx context.Context, p *Pool, regions []divisions.Row) error {
	r := newRow[divisions.Row]()
	r.text("region_code", func(x *divisions.Row) string { return x.Code })
	r.text("name", func(x *divisions.Row) string { return x.Name })
	r.text("parent_code", func(x *divisions.Row) string { return x.Parent })
	r.i8("gov_level", func(x *divisions.Row) int8 { return x.Level })
	r.flag("is_virtual", func(x *divisions.Row) bool { return x.Virtual })
	r.low("edition", func(x *divisions.Row) string { return x.Edition })
	add(r, "path", proto.NewArray[string](new(proto.ColStr)), func(x *divisions.Row) []string { return x.Path })
	return insertAll(ctx, p, "regions", r, regions)
}

func insertAll[T any](ctx context.Context, p *Pool, table string, r *row[T], all []T) error {
	for i := range all {
		r.put(&all[i])
	}
	return r.columns.insert(ctx, p, table)
}
