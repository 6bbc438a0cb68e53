package notify

import (
	"context"
	"strconv"
	"time"
)

// Channel is one way to reach a person, as the directory gives it.
type Channel struct {
	// Kind is email, webhook, kafka, dingtalk, wecom or feishu.
	Kind string `json:"kind"`
	// To is the address: a mail address or the https URL of a webhook.
	To string `json:"to,omitempty"`
	// Robot names an entry of the file of robots; addresses of robots are
	// secrets and not in the directory.
	Robot string `json:"robot,omitempty"`
	// Secret names the entry of the file of webhook secrets to sign with;
	// empty = default.
	Secret string `json:"secret,omitempty"`
}

// Person is somebody who can be told.
type Person struct {
	User     string
	Channels []Channel
	// Quiet are hours in which only red cards come through.
	Quiet Quiet
}

// ChannelKey names the i-th channel of a person without its address: the kind,
// and for further ones of the same kind #2, #3 …
func (p Person) ChannelKey(i int) string {
	n := 1
	for _, c := range p.Channels[:i] {
		if c.Kind == p.Channels[i].Kind {
			n++
		}
	}
	if n == 1 {
		return p.Channels[i].Kind
	}
	return p.Channels[i].Kind + "#" + strconv.Itoa(n)
}

// Channel finds a channel by its key.
func (p Person) Channel(key string) (Channel, bool) {
	for i := range p.Channels {
		if p.ChannelKey(i) == key {
			return p.Channels[i], true
		}
	}
	return Channel{}, false
}

// Target is whom an event concerns: the people at a rung of the ladder (or in
// a role) for an organisation and a region.
type Target struct {
	// Notify is N1…N4, a role, or several joined by "+"; or user:ID.
	Notify     string
	OrgCode    string
	RegionCode string
	// WindowID and StaffID narrow handlers and window managers down to those
	// whom the event is about, when the directory knows them.
	WindowID string
	StaffID  string
}

// Assigned is a person with the rung at which they are told.
type Assigned struct {
	Person
	Rung string
}

// Missing is a rung whose roles nobody fills.
type Missing struct {
	Rung  string
	Roles []Role
}

// Resolution is who is to be told, each person once at the highest rung,
// sorted by user, and what could not be filled.
type Resolution struct {
	People  []Assigned
	Missing []Missing
}

// Directory tells who is where. It is a picture of one moment: the same
// question always has the same answer.
type Directory interface {
	Resolve(t Target) Resolution
	Person(user string) (Person, bool)
	// OrgName gives the Chinese and the English name; the code where it is not
	// known.
	OrgName(code string) (zh, en string)
}

// Source loads the directory.
type Source interface {
	Load(ctx context.Context, at time.Time) (Directory, error)
}
