package event

// TopicMeasurements carries what other systems have counted.
const TopicMeasurements Topic = "measurements"

var _ = register(TopicMeasurements, about{table: "measurements", place: 7, folded: 6})

// Measurement is what another system counted: some numbers under one name
// for one organisation or division and one period. Identity (SourceSys,
// EventID, Revision).
type Measurement struct {
	SourceSys string
	EventID   string
	Revision  uint32
	// Name says what was counted, such as hotline_calls or targets.
	Name       string
	OrgCode    string
	RegionCode string
	// From is the first instant of the period, To the first behind it.
	From int64
	To   int64
	// EmittedAt is 0 when the source gives none.
	EmittedAt int64
	// Values are sorted by name, each name once.
	Values  []Value
	Payload string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Value is one number of a measurement.
type Value struct {
	Name   string
	Number float64
}

// Filing files a measurement under its name.
func (m *Measurement) Filing() Filing {
	return filing(&m.Origin, m.SourceSys, "measurement", m.Name, m.Identity, m.Content)
}
