package route

// Reach is how far the answers of a route go.
type Reach uint8

// The reaches. The zero Reach is not declared, and shown to nobody who has a limit.
const (
	// Filtered answers read region and organisation from the address, where the
	// server puts the scope of the reader.
	Filtered Reach = iota + 1
	// Whole answers are of whole sources, or of the instance: who sees less than
	// everything does not see them.
	Whole
	// Nobodys answers are about nobody, and the same for all.
	Nobodys
)

// Scope says how a route keeps to the scope of who asks.
type Scope struct {
	Reach Reach
	// Region and Org name the parts of the path that say which division or
	// organisation is asked for.
	Region, Org string
	// Subject says that single subjects are named, which the page holds against the
	// scope when it has read whom they concern.
	Subject bool
	// Why says why there is no limit to keep to.
	Why string
}

// ByFilter is the scope of pages that read region and organisation from the address.
func ByFilter() Scope { return Scope{Reach: Filtered} }

// BySubject is that of pages about single subjects: the page checks whom they concern.
func BySubject() Scope { return Scope{Reach: Filtered, Subject: true} }

// ByRegion is that of the page of one division, which a part of the path names.
func ByRegion(part string) Scope { return Scope{Reach: Filtered, Region: part} }

// ByOrganisation is that of the page of one organisation, which a part of the path names.
func ByOrganisation(part string) Scope { return Scope{Reach: Filtered, Org: part} }

// Everything is that of pages that cannot be limited; why says what makes them so.
func Everything(why string) Scope { return Scope{Reach: Whole, Why: why} }

// Unscoped is that of pages about nobody; why says what they are about.
func Unscoped(why string) Scope { return Scope{Reach: Nobodys, Why: why} }

func (s Scope) problem() string {
	switch {
	case s.Reach == 0 || s.Reach > Nobodys:
		return "has no scope"
	case s.Reach != Filtered && s.Why == "":
		return "keeps to no scope and does not say why"
	}
	return ""
}
