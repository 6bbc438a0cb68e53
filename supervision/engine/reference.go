package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/divisions"
	"duban/supervision/lifecycle"
	"duban/supervision/statestore"
)

// writeReference stores the calendar and the divisions that the figures join
// with, when the tables do not hold them.
func (e *Engine) writeReference(ctx context.Context) error {
	if err := e.writeCalendar(ctx, e.Calendar()); err != nil {
		return err
	}
	return e.writeRegions(ctx)
}

// writeCalendar stores the days of the calendar in force. The days of a version
// that an earlier program wrote otherwise are written again: the newest row of a
// day is the one that counts.
func (e *Engine) writeCalendar(ctx context.Context, cal *calendar.Calendar) error {
	stored, err := e.storedDays(ctx, cal.Version())
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
	return statestore.InsertCalendar(ctx, e.pool, cal.Version(), days)
}

// storedDays reads the days of a version as they are stored.
func (e *Engine) storedDays(ctx context.Context, version string) (map[calendar.Day]statestore.CalendarDay, error) {
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/calendar_days_stored", queries.Args{"version": version})
	if err != nil {
		return nil, err
	}
	out := make(map[calendar.Day]statestore.CalendarDay, len(res.Rows))
	for _, m := range res.Maps() {
		d := calendar.Day(m["day_no"].(int32))
		out[d] = statestore.CalendarDay{
			Day: d, Workday: m["is_workday"].(bool), Index: m["workday_index"].(int32), Provisional: m["provisional"].(bool),
			MayBeOff: m["may_be_off"].(bool), Name: m["name"].(string),
		}
	}
	return out, nil
}

func (e *Engine) writeRegions(ctx context.Context) error {
	table, err := divisions.Load()
	if err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	regions := slices.Collect(table.Rows())
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/regions_stored", queries.Args{"edition": divisions.Edition})
	if err != nil {
		return err
	}
	if stored := res.Rows[0][0].(uint64); stored == uint64(len(regions)) {
		return nil
	}
	return statestore.InsertRegions(ctx, e.pool, regions)
}

// loadCatalogue takes over the service items as far as they are folded.
func (e *Engine) loadCatalogue(ctx context.Context) error {
	next, err := e.cursors(ctx)
	if err != nil {
		return err
	}
	return e.takeCatalogue(ctx, next)
}

// loadCatalogueUntil takes over the service items as far as the end of a span.
func (e *Engine) loadCatalogueUntil(ctx context.Context, s span) error {
	next, err := e.cursors(ctx)
	if err != nil {
		return err
	}
	for i, p := range s.partitions {
		next[position{string(s.topic), p}] = s.untils[i]
	}
	return e.takeCatalogue(ctx, next)
}

func (e *Engine) takeCatalogue(ctx context.Context, next map[position]uint64) error {
	c, err := e.readCatalogue(ctx, next)
	if err == nil {
		e.catalogue = c
	}
	return err
}

// readCatalogue reads the service items below the given offsets.
func (e *Engine) readCatalogue(ctx context.Context, next map[position]uint64) (*lifecycle.Catalogue, error) {
	partitions, untils := []uint64{}, []uint64{}
	for p, end := range next {
		if p.topic == string(event.TopicItems) {
			partitions, untils = append(partitions, p.partition), append(untils, end)
		}
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/catalogue", queries.Args{"partitions": partitions, "untils": untils})
	if err != nil {
		return nil, err
	}
	items := make([]event.Item, len(res.Rows))
	for i, m := range res.Maps() {
		items[i] = item(m)
	}
	return lifecycle.NewCatalogue(items), nil
}

func item(m map[string]any) event.Item {
	number := func(key string) *int32 {
		if v, ok := m[key].(int32); ok {
			return &v
		}
		return nil
	}
	return event.Item{
		SourceSys: m["source_sys"].(string), TaskCode: m["task_code"].(string), TaskVersion: m["task_version"].(string),
		EventID: m["event_id"].(string), Revision: m["revision"].(uint32), Name: m["name"].(string),
		CatalogCode: m["catalog_code"].(string), RegionCode: m["region_code"].(string), OrgCode: m["org_code"].(string),
		ItemType: m["item_type"].(string), ProjectType: m["project_type"].(string),
		ValidFrom: m["valid_from"].(int32), ValidTo: m["valid_to"].(int32),
		LegalDays: number("legal_days"), LegalUnit: m["legal_unit"].(string),
		PromiseDays: number("promise_days"), PromiseUnit: m["promise_unit"].(string),
		BaselinePromiseDays: number("baseline_promise_days"), OnlineDepth: number("online_depth"), LimitVisits: number("limit_visits"),
		RollForward: m["roll_forward"].(bool), FeePauses: m["fee_pauses"].(bool), Content: m["content"].(uint64),
		Origin: event.Origin{
			Topic: event.TopicItems, Partition: int32(m["partition"].(uint32)), Offset: int64(m["offset"].(uint64)),
			ReceivedAt: m["received_at"].(time.Time).UnixMilli(),
		},
	}
}
