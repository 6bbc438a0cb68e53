// Package risk is the room of the pages that look ahead and behind the figures: early
// warning of what may miss its due, and what makes figures look good.
package risk

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
