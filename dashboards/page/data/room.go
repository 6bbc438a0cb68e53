// Package data is the room of the pages about the data themselves: what became of every
// message, what was refused and why, how late sources are.
package data

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
