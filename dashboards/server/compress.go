package server

import (
	"net/http"

	"github.com/go-chi/chi/v5/middleware"
)

// gzipLevel is where pages are a sixth of their size and cost under a millisecond.
const gzipLevel = 5

// compress sends pages, files and answers of the API packed to who can unpack them.
// Assets lie packed already, and streams are not packed: an event waits for nothing.
func compress() func(http.Handler) http.Handler {
	return middleware.Compress(gzipLevel, "text/html", "text/csv", "application/json")
}
