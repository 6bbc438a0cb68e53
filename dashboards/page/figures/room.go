// Package figures is the room of the pages of figures: the overview of all, of a region or
// an organisation, the indicators and each of them.
package figures

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
