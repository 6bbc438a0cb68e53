package event

// TopicItems carries versions of service items.
const TopicItems Topic = "service-items"

var _ = register(TopicItems, about{table: "items", place: 4, folded: 1, states: true})

// Item is one version of one service item of the catalogue (事项). Versions
// of a task_code are told apart by TaskVersion and ordered by ValidFrom.
type Item struct {
	SourceSys   string
	EventID     string
	Revision    uint32
	TaskCode    string
	TaskVersion string
	Name        string
	CatalogCode string
	RegionCode  string
	OrgCode     string
	// ItemType and ProjectType are of domain guide 1.2.
	ItemType    string
	ProjectType string
	// ValidFrom is the first local day (Asia/Shanghai) of force, ValidTo the
	// first day no longer in force; days since 1970-01-01, ValidTo 0 = open.
	ValidFrom int32
	ValidTo   int32
	// LegalDays and PromiseDays are limits in their unit (W, C, H, M);
	// nil means the catalogue gives none.
	LegalDays           *int32
	LegalUnit           string
	PromiseDays         *int32
	PromiseUnit         string
	BaselinePromiseDays *int32
	OnlineDepth         *int32
	LimitVisits         *int32
	RollForward         bool
	FeePauses           bool
	Payload             string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// TopicOrganisations carries versions of organisations.
const TopicOrganisations Topic = "organisations"

var _ = register(TopicOrganisations, about{table: "organisations", place: 5, folded: 2})

// Organisation is one version of one organisation (实施主体).
type Organisation struct {
	SourceSys  string
	EventID    string
	Revision   uint32
	OrgCode    string
	Name       string
	NameEN     string
	ParentCode string
	RegionCode string
	// GovLevel is 0 national … 5 village (domain guide 1.1).
	GovLevel  int8
	OrgLine   string
	RankGroup string
	ValidFrom int32
	ValidTo   int32
	Payload   string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Filing files a version of a service item under the item.
func (i *Item) Filing() Filing {
	return filing(&i.Origin, i.SourceSys, "item", i.TaskCode, i.Identity, i.Content)
}

// Filing files a version of an organisation under the organisation.
func (o *Organisation) Filing() Filing {
	return filing(&o.Origin, o.SourceSys, "org", o.OrgCode, o.Identity, o.Content)
}
