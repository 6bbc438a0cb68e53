// Package rules is the room of the pages about what is supervised by: the catalogue of
// rules with the health of each, and one rule.
package rules

import (
	"embed"

	"duban/dashboards/page/kit"
)

//go:embed templates/*.html
var templates embed.FS

// request is one request for a page of the room.
type request struct{ kit.Request }

var pages = kit.NewShown(func(q *kit.Request) *request { return &request{*q} })

// Room is the room of these pages.
func Room() kit.Room { return pages.Room(templates) }
