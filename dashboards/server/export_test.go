package server

import "github.com/go-chi/chi/v5"

// Routes are the routes of a server, for tests that walk all of them.
func (s *Server) Routes() chi.Routes { return s.http.Handler.(chi.Routes) }
