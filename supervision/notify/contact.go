package notify

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
)

// Contact is one entry of an organisation's payload key contacts.
type Contact struct {
	User string `json:"user"`
	Role Role   `json:"role"`
	// Staff is the staff_id that the facts give for this user, when it is not
	// the user id; Windows are the windows that a window manager answers for,
	// none = all of the organisation.
	Staff     string    `json:"staff,omitempty"`
	Windows   []string  `json:"windows,omitempty"`
	Channels  []Channel `json:"channels"`
	QuietFrom string    `json:"quiet_from,omitempty"`
	QuietTo   string    `json:"quiet_to,omitempty"`
}

// Problem is a contact, or a part of one, that cannot be used. It names the
// organisation and the place, never the person's address.
type Problem struct {
	OrgCode string
	// At is a JSON pointer into the payload.
	At     string
	Reason string
}

// Error writes the problem in a line.
func (p Problem) Error() string {
	return fmt.Sprintf("organisation %s, %s: %s", p.OrgCode, p.At, p.Reason)
}

// ParseContacts reads the list of one organisation. What is wrong with one
// entry does not hinder the others: a channel that cannot be used is left out,
// as is an entry without user or known role, and each is a problem.
func ParseContacts(orgCode, raw string) ([]Contact, []Problem) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, []Problem{{orgCode, "/contacts", "want a list of contacts"}}
	}
	var out []Contact
	var problems []Problem
	for i, one := range list {
		at := fmt.Sprintf("/contacts/%d", i)
		bad := func(where, format string, args ...any) {
			problems = append(problems, Problem{orgCode, at + where, fmt.Sprintf(format, args...)})
		}
		var c Contact
		if err := json.Unmarshal(one, &c); err != nil {
			bad("", "want an object with user, role and channels as texts and a list")
			continue
		}
		if c.User == "" {
			bad("/user", "is missing: give the user id")
			continue
		}
		if !slices.Contains(Roles(), c.Role) {
			bad("/role", "is not one of the roles of contacts")
			continue
		}
		if _, err := ParseQuiet(c.QuietFrom, c.QuietTo); err != nil {
			bad("/quiet_from", "want local times HH:MM for quiet_from and quiet_to")
			c.QuietFrom, c.QuietTo = "", ""
		}
		var usable []Channel
		for j, ch := range c.Channels {
			if reason := checkChannel(ch); reason != "" {
				bad(fmt.Sprintf("/channels/%d", j), "%s", reason)
				continue
			}
			usable = append(usable, ch)
		}
		c.Channels = usable
		out = append(out, c)
	}
	return out, problems
}

// checkChannel says what is wrong with a channel; empty = nothing.
func checkChannel(c Channel) string {
	switch c.Kind {
	case "email":
		if a, err := mail.ParseAddress(c.To); err != nil || a.Name != "" {
			return "an email channel needs a plain mail address in to"
		}
	case "webhook":
		if u, err := url.Parse(c.To); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return "a webhook channel needs an https URL without user and password in to"
		}
	case "dingtalk", "wecom", "feishu":
		if c.Robot == "" {
			return "a robot channel needs in robot the name of an entry of notify.robots_file"
		}
	case "kafka":
	default:
		return "kind is not one of email, webhook, kafka, dingtalk, wecom, feishu"
	}
	return ""
}

func (c *Contact) quiet() Quiet {
	q, _ := ParseQuiet(c.QuietFrom, c.QuietTo) // checked before
	return q
}
