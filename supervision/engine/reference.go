package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/divisions"
	"duban/supervision/lifecycle"
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
	version, day := proto.NewLowCardinality[string](new(proto.ColStr)), new(proto.ColDate32)
	work, index := new(proto.ColBool), new(proto.ColInt32)
	provisional, mayBeOff, name := new(proto.ColBool), new(proto.ColBool), new(proto.ColStr)
	same, last := 0, int32(0)
	for d := range cal.Days() {
		off := d.Workday && d.Sure == last
		last = d.Sure
		if stored[d.Day] == (storedDay{d.Workday, d.Index, d.Provisional, off, d.Name}) {
			same++
		}
		version.Append(cal.Version())
		day.Append(time.Unix(int64(d.Day)*86400, 0).UTC())
		work.Append(d.Workday)
		index.Append(d.Index)
		provisional.Append(d.Provisional)
		mayBeOff.Append(off)
		name.Append(d.Name)
	}
	if same == day.Rows() && len(stored) == same {
		return nil
	}
	in := proto.Input{
		{Name: "version", Data: version}, {Name: "day", Data: day}, {Name: "is_workday", Data: work},
		{Name: "workday_index", Data: index}, {Name: "provisional", Data: provisional}, {Name: "may_be_off", Data: mayBeOff}, {Name: "name", Data: name},
	}
	if err := e.links.do(ctx, ch.Query{Body: in.Into("calendar_days"), Input: in}); err != nil {
		return fmt.Errorf("insert %d days of calendar %s: %w", day.Rows(), cal.Version(), err)
	}
	return nil
}

// storedDay is a row of table calendar_days.
type storedDay struct {
	work                  bool
	index                 int32
	provisional, mayBeOff bool
	name                  string
}

// storedDays reads the days of a version as they are stored.
func (e *Engine) storedDays(ctx context.Context, version string) (map[calendar.Day]storedDay, error) {
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/calendar_days_stored", queries.Args{"version": version})
	if err != nil {
		return nil, err
	}
	out := make(map[calendar.Day]storedDay, len(res.Rows))
	for _, m := range res.Maps() {
		out[calendar.Day(m["day_no"].(int32))] = storedDay{
			m["is_workday"].(bool), m["workday_index"].(int32), m["provisional"].(bool), m["may_be_off"].(bool), m["name"].(string),
		}
	}
	return out, nil
}

func (e *Engine) writeRegions(ctx context.Context) error {
	table, err := divisions.Load()
	if err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	code, name, parent := new(proto.ColStr), new(proto.ColStr), new(proto.ColStr)
	level, virtual := new(proto.ColInt8), new(proto.ColBool)
	edition, path := proto.NewLowCardinality[string](new(proto.ColStr)), proto.NewArray[string](new(proto.ColStr))
	for r := range table.Rows() {
		code.Append(r.Code)
		name.Append(r.Name)
		parent.Append(r.Parent)
		level.Append(r.Level)
		virtual.Append(r.Virtual)
		edition.Append(r.Edition)
		path.Append(r.Path)
	}
	return e.fill(ctx, "engine/regions_stored", queries.Args{"edition": divisions.Edition}, "regions", proto.Input{
		{Name: "region_code", Data: code}, {Name: "name", Data: name}, {Name: "parent_code", Data: parent},
		{Name: "gov_level", Data: level}, {Name: "is_virtual", Data: virtual}, {Name: "edition", Data: edition}, {Name: "path", Data: path},
	})
}

// fill inserts the rows of in unless the counting query says they are there.
func (e *Engine) fill(ctx context.Context, count string, args queries.Args, table string, in proto.Input) error {
	res, err := e.reg.Run(ctx, e.db.Conn(), count, args)
	if err != nil {
		return err
	}
	if stored := res.Rows[0][0].(uint64); stored == uint64(in[0].Data.Rows()) {
		return nil
	}
	if err := e.links.do(ctx, ch.Query{Body: in.Into(table), Input: in}); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", in[0].Data.Rows(), table, err)
	}
	return nil
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
