package fold

import (
	"time"

	"duban/ingest/event"
)

// serviceItem is a service item as table items holds it.
type serviceItem struct {
	SourceSys           string    `ch:"source_sys"`
	TaskCode            string    `ch:"task_code"`
	TaskVersion         string    `ch:"task_version"`
	EventID             string    `ch:"event_id"`
	Revision            uint32    `ch:"revision"`
	Name                string    `ch:"name"`
	CatalogCode         string    `ch:"catalog_code"`
	RegionCode          string    `ch:"region_code"`
	OrgCode             string    `ch:"org_code"`
	ItemType            string    `ch:"item_type"`
	ProjectType         string    `ch:"project_type"`
	ValidFrom           int32     `ch:"valid_from"`
	ValidTo             int32     `ch:"valid_to"`
	LegalDays           *int32    `ch:"legal_days"`
	LegalUnit           string    `ch:"legal_unit"`
	PromiseDays         *int32    `ch:"promise_days"`
	PromiseUnit         string    `ch:"promise_unit"`
	BaselinePromiseDays *int32    `ch:"baseline_promise_days"`
	OnlineDepth         *int32    `ch:"online_depth"`
	LimitVisits         *int32    `ch:"limit_visits"`
	RollForward         bool      `ch:"roll_forward"`
	FeePauses           bool      `ch:"fee_pauses"`
	Payload             string    `ch:"payload"`
	Content             uint64    `ch:"content"`
	Partition           uint32    `ch:"partition"`
	Offset              uint64    `ch:"offset"`
	ReceivedAt          time.Time `ch:"received_at"`
}

func (r *serviceItem) item() event.Item {
	return event.Item{
		SourceSys: r.SourceSys, TaskCode: r.TaskCode, TaskVersion: r.TaskVersion, EventID: r.EventID, Revision: r.Revision, Name: r.Name,
		CatalogCode: r.CatalogCode, RegionCode: r.RegionCode, OrgCode: r.OrgCode, ItemType: r.ItemType, ProjectType: r.ProjectType,
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, LegalDays: r.LegalDays, LegalUnit: r.LegalUnit,
		PromiseDays: r.PromiseDays, PromiseUnit: r.PromiseUnit, BaselinePromiseDays: r.BaselinePromiseDays,
		OnlineDepth: r.OnlineDepth, LimitVisits: r.LimitVisits, RollForward: r.RollForward, FeePauses: r.FeePauses, Payload: r.Payload,
		Content: r.Content,
		Origin: event.Origin{
			Topic: event.TopicItems, Partition: int32(r.Partition), Offset: int64(r.Offset), ReceivedAt: r.ReceivedAt.UnixMilli(),
		},
	}
}
