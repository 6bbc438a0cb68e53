// Package process is the room of the page about how work runs: which activity follows
// which, the variants, the durations.
package process

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
