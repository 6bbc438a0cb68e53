package divisions

// Edition names the day the codes describe. Codes change between editions;
// a fact keeps the code of its time.
const Edition = "2023-06-30"

// Count is how many divisions the edition has, for those who want to know whether they have
// them all without reading them.
const Count = 53158

// The levels of government a division can have (domain guide 1.1).
const (
	Province int8 = 1
	City     int8 = 2
	County   int8 = 3
	Township int8 = 4
	Village  int8 = 5
)

// Division is one node of the tree of divisions. It has the columns of table
// `regions` but for the path, which Table.Path gives.
type Division struct {
	// Code has 6 digits for province, city and county, 9 for a township, 12
	// for a village.
	Code string
	// Name is the Chinese name as the source writes it.
	Name string
	// Parent is the code of the place above, "" for a province. It never
	// names an entry that is not a place.
	Parent string
	// Level is one of Province … Village.
	Level int8
	// Virtual marks a development zone or an entry that is not a place.
	Virtual bool
}

// Row is one row of table `regions` (queries/schema/0006).
type Row struct {
	Division
	// Edition is the constant Edition.
	Edition string
	// Path holds the codes from the province down to this division, both included.
	Path []string
}
