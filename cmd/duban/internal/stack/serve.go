package stack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/dashboards/actions"
	"duban/dashboards/assets"
	"duban/dashboards/directory"
	"duban/dashboards/locale"
	"duban/dashboards/page"
	"duban/dashboards/page/kit"
	"duban/dashboards/server"
	"duban/ingest"
	"duban/ingest/decode"
	"duban/ingest/intake"
	"duban/ingest/source"
	"duban/internal/instance"
)

// newServer joins pages, API and intake to the engines.
func (s *Stack) newServer() (*server.Server, error) {
	log := s.log.With("role", RoleServe)
	var err error
	if s.access, err = newAccess(s); err != nil {
		return nil, err
	}
	if err := s.checkOpen(); err != nil {
		return nil, err
	}
	site, files, err := s.newSite()
	if err != nil {
		return nil, err
	}
	door, err := s.newIntake()
	if err != nil {
		return nil, err
	}
	return server.New(server.Config{Listen: s.Cfg.Listen, Hosts: s.Cfg.Server.Hosts, PlainHTTP: s.Cfg.Server.PlainHTTP}, server.Deps{
		Access: s.access, Site: site, Assets: files, Metrics: s.metrics, Intake: door, Log: log, Ready: s.ready,
		Degraded: func() error { return OpenFindings(s.Cfg) },
		API:      &server.API{Queries: s.reg, Conn: s.reader.Conn(), Log: log, Now: time.Now},
	})
}

func (s *Stack) newSite() (*kit.Site, *assets.Set, error) {
	log := s.log.With("role", RoleServe)
	files, err := assets.Load()
	if err != nil {
		return nil, nil, err
	}
	texts, err := locale.Load()
	if err != nil {
		return nil, nil, err
	}
	// An engine of its own that never runs: it only folds single subjects, and
	// its instruments would clash with those of the one that works.
	e, err := s.newEngine(prometheus.NewRegistry(), nil)
	if err != nil {
		return nil, nil, err
	}
	// Every process on the data folder makes the same marks, whichever a stream comes to.
	key, err := ActionKey(s.Cfg)
	if err != nil {
		return nil, nil, err
	}
	marks := hmac.New(sha256.New, key)
	_, _ = marks.Write([]byte("marks of open pages"))
	s.counts = e
	orgs := directory.New(s.reg.On(s.reader.Conn()), time.Now)
	journal := &actionJournal{cfg: s.Cfg, brokers: s.brokers, client: "duban-desk", room: s.room.Err}
	s.onStop(journal.Close)
	service := actions.New(actions.Deps{Registry: s.reg, Conn: s.reader.Conn(), Journal: journal, Offers: e, Users: s.access.Users,
		Orgs: orgs, Log: log, Now: time.Now})
	site, err := page.New(kit.Deps{
		MarkKey:  marks.Sum(nil),
		Registry: s.reg, Conn: s.reader.Conn(), Status: topicStatus{ingest.NewAuditor(s.kafka, s.db.Conn(), s.reg)}, Explain: explainer{e},
		ActionService: service, Orgs: orgs, Rules: e.Rules(),
		Trouble:  s.trouble,
		Calendar: e.Calendar, DueRule: e.DueRule, Almanac: s.Almanac(), ExplainMoves: s.explainMoves, Assets: files, Locale: texts,
		Access: s.access,
		Log:    log, Now: time.Now, RequestID: server.RequestID,
	})
	return site, files, err
}

// newIntake prepares POST /api/v1/events.
func (s *Stack) newIntake() (*intake.Handler, error) {
	key, err := s.tokenKey()
	if err != nil {
		return nil, err
	}
	tokens, err := s.intakeTokens()
	if err != nil {
		return nil, err
	}
	sec, err := Security(s.Cfg.Kafka)
	if err != nil {
		return nil, err
	}
	pub, err := source.NewPublisher(s.brokers, source.PublisherOptions{ClientID: "duban-intake", Security: sec})
	if err != nil {
		return nil, err
	}
	s.onStop(pub.Close)
	return intake.New(intake.Config{Tokens: tokens, Room: s.room.Err, Decode: decode.Config{TokenKey: key}}, pub,
		s.log.With("role", RoleServe), s.metrics, time.Now)
}

// intakeTokens reads the tokens that may post, or makes one.
func (s *Stack) intakeTokens() ([]intake.Token, error) {
	path := s.Cfg.Secrets.IntakeTokenFile
	if path == "" {
		// The file that was made is one like any other: whoever adds a line or limits means them.
		if _, err := instance.Secret(s.Cfg.Data, "intake-token", ""); err != nil {
			return nil, err
		}
		path = filepath.Join(s.Cfg.Data, "secrets", "intake-token")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read intake tokens: %w", err)
	}
	tokens, err := intake.ParseTokens(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return tokens, nil
}

// ready tells whether the engines below answer.
func (s *Stack) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.room.Err(); err != nil {
		return err
	}
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	_, err := s.kafka.Ping(ctx)
	return err
}
