package notify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/notify"
	"duban/supervision/notify/channel"
	"duban/supervision/notify/message"
)

const officer = `[{"user":"u1","role":"handler","channels":[{"kind":"email","to":"u1@example.org"}]}]`

// TestNotices runs against one database, emptied in between: to make one takes
// longer than each of these tests.
func TestNotices(t *testing.T) {
	db := storetest.New(t)
	for name, run := range map[string]func(*testing.T, *store.DB){
		"ABadMorningIsOneMessage":                              testABadMorningIsOneMessage,
		"RedCardsComeAtOnceAndTogether":                        testRedCardsComeAtOnceAndTogether,
		"ACrashBetweenSendingAndRecordingRepeatsOnceAndSaysSo": testACrashBetweenSendingAndRecordingRepeatsOnceAndSaysSo,
		"TwoNotifiersAtOnceSendEachNoticeOnce":                 testTwoNotifiersAtOnceSendEachNoticeOnce,
		"BusyChannelsAreTriedAgainAndRefusalsAreNot":           testBusyChannelsAreTriedAgainAndRefusalsAreNot,
		"AfterTheLastAttemptItIsFailed":                        testAfterTheLastAttemptItIsFailed,
		"HistoryIsNotToldAndNobodyIsVisible":                   testHistoryIsNotToldAndNobodyIsVisible,
		"AnAttemptThatBrokeOffMayBeARepeat":                    testAnAttemptThatBrokeOffMayBeARepeat,
		"WhatALostEngineWroteIsFoundByTheSweep":                testWhatALostEngineWroteIsFoundByTheSweep,
		"WhoComesLaterIsNotToldOfWhatWasTold":                  testWhoComesLaterIsNotToldOfWhatWasTold,
		"ATimeoutIsRepeatedOnce":                               testATimeoutIsRepeatedOnce,
		"QuietHoursHoldBackSecondAttempts":                     testQuietHoursHoldBackSecondAttempts,
		"TheLedgerHoldsNoAddress":                              testTheLedgerHoldsNoAddress,
		"TheDirectoryInForceIsUsed":                            testTheDirectoryInForceIsUsed,
		"OfASecretSubjectTheOrganisationIsSentNothing":         testOfASecretSubjectTheOrganisationIsSentNothing,
		"OrdersAreToldToo":                                     testOrdersAreToldToo,
		"AMailSaysWhatIsTheMatter":                             testAMailSaysWhatIsTheMatter,
	} {
		t.Run(name, func(t *testing.T) { run(t, db) })
	}
}

func testABadMorningIsOneMessage(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("08:00:00"))
	b.organisation("bureau", "610802", "", `[
		{"user":"u1","role":"handler","channels":[{"kind":"email","to":"u1@example.org"}]},
		{"user":"u2","role":"handler","channels":[{"kind":"email","to":"u2@example.org"}],"quiet_from":"22:00","quiet_to":"08:30"}]`)
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	// The day's deadlines passed at midnight and the engine announced them over
	// an hour of the night; 100 came in the window before eight.
	for i := range 3 {
		b.raise(fmt.Sprintf("n%d-", i), 100, "yellow", uint64(1+i), at("00:06:00").Add(time.Duration(i)*20*time.Minute))
	}
	b.step(n, at("07:00:00"), 4)
	require.Len(t, office.mails(), 1, "u1 has no quiet hours; what piled up while nobody looked is one message")
	b.raise("m-", 100, "yellow", 5, at("07:56:00"))
	b.step(n, at("07:59:00"), 6)
	require.Len(t, office.mails(), 1, "the window is open")
	b.step(n, at("08:00:00"), 7)
	require.Len(t, office.mails(), 2)
	require.Equal(t, map[string]uint64{"email sent": 4, "email held quiet_hours": 4}, b.states())
	b.step(n, at("08:29:50"), 8)
	require.Len(t, office.mails(), 2)
	b.step(n, at("08:30:00"), 9)
	mails := office.mails()
	require.Len(t, mails, 3)
	require.Equal(t, "u2@example.org", mails[2].to)
	require.Equal(t, map[string]uint64{"email sent": 8}, b.states())
	b.step(n, at("09:30:00"), 10)
	require.Len(t, office.mails(), 3, "nothing is sent twice")
}

func testRedCardsComeAtOnceAndTogether(t *testing.T, db *store.DB) {
	h := newHook(t)
	b := newBench(t, db, at("23:10:00"))
	b.organisation("bureau", "610802", "", fmt.Sprintf(
		`[{"user":"u1","role":"handler","channels":[{"kind":"webhook","to":"%s/in"}],"quiet_from":"22:00","quiet_to":"07:30"}]`, h.url))
	n := b.notifier(channel.Senders{"webhook": h.sender(t)})
	b.raise("r-", 40, "red", 1, at("23:10:00"))
	b.raise("y-", 40, "yellow", 1, at("23:10:00"))
	b.step(n, at("23:10:01"), 2)
	got := h.all()
	require.Len(t, got, 1)
	require.Equal(t, 40, got[0].total, "the red ones, and none of the yellow")
	require.Empty(t, h.bad, "every signature was right")
	b.step(n, at("07:30:00").AddDate(0, 0, 1), 3)
	got = h.all()
	require.Len(t, got, 2)
	require.Equal(t, 40, got[1].total)
}

// crash dies between the answer of the channel and the record of it.
type crash struct{ channel.Sender }

func (c crash) Send(ctx context.Context, to channel.Address, m message.Message) channel.Result {
	c.Sender.Send(ctx, to, m)
	runtime.Goexit()
	return channel.Result{}
}

func testACrashBetweenSendingAndRecordingRepeatsOnceAndSaysSo(t *testing.T, db *store.DB) {
	h, office := newHook(t), newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", fmt.Sprintf(
		`[{"user":"u1","role":"handler","channels":[{"kind":"webhook","to":"%s/in"},{"kind":"email","to":"u1@example.org"}]}]`, h.url))
	b.raise("a-", 3, "yellow", 1, at("09:01:00"))
	dead := b.notifier(channel.Senders{"webhook": crash{h.sender(t)}, "email": crash{office.sender(t)}})
	b.step(dead, at("09:05:00"), 1<<32|1)
	require.Equal(t, map[string]uint64{"webhook sending": 1, "email sending": 1}, b.states())

	next := b.notifier(channel.Senders{"webhook": h.sender(t), "email": office.sender(t)})
	b.step(next, at("09:05:05"), 2<<32|1)
	require.Len(t, h.all(), 1, "the other may still be at it")
	b.step(next, at("09:05:40"), 2<<32|2)
	for i := range 3 {
		b.step(next, at("09:10:00").Add(time.Duration(i)*time.Minute), 2<<32|uint64(3+i))
	}
	got := h.all()
	require.Len(t, got, 2)
	require.False(t, got[0].repeat)
	require.True(t, got[1].repeat)
	require.Equal(t, got[0].id, got[1].id, "receivers can tell by the id")
	mails := office.mails()
	require.Len(t, mails, 2)
	require.Equal(t, mails[0].header.Get("Message-ID"), mails[1].header.Get("Message-ID"))
	require.Equal(t, "1", mails[1].header.Get(channel.HeaderRepeat))
	require.Equal(t, map[string]uint64{"webhook sent repeat": 1, "email sent repeat": 1}, b.states())
}

func testTwoNotifiersAtOnceSendEachNoticeOnce(t *testing.T, db *store.DB) {
	h := newHook(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", fmt.Sprintf(`[{"user":"u1","role":"handler","channels":[{"kind":"webhook","to":"%s/in"}]}]`, h.url))
	one, two := b.notifier(channel.Senders{"webhook": h.sender(t)}), b.notifier(channel.Senders{"webhook": h.sender(t)})
	events := map[string]int{}
	for round := range 6 {
		recorded := at("09:01:00").Add(time.Duration(round) * 5 * time.Minute)
		b.raise(fmt.Sprintf("e%d-", round), 5, "yellow", uint64(10*round+1), recorded)
		b.raise(fmt.Sprintf("r%d-", round), 5, "red", uint64(10*round+1), recorded)
		now := recorded.Add(4 * time.Minute)
		b.set(now)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = one.Step(t.Context(), now, 1<<32|uint64(10*round+5)) })
		wg.Go(func() { _, _ = two.Step(t.Context(), now, 2<<32|uint64(10*round+5)) })
		wg.Wait()
		one.Wait()
		two.Wait()
	}
	// Where both gave way, the next rounds send.
	for i := range 3 {
		now := at("10:00:00").Add(time.Duration(i) * time.Minute)
		b.step(one, now, 1<<32|uint64(100+i))
		b.step(two, now, 2<<32|uint64(100+i))
	}
	for _, m := range h.all() {
		require.False(t, m.repeat)
		for _, e := range m.events {
			events[e]++
		}
	}
	require.Len(t, events, 60)
	for e, times := range events {
		require.Equal(t, 1, times, e)
	}
}

func testBusyChannelsAreTriedAgainAndRefusalsAreNot(t *testing.T, db *store.DB) {
	h, office := newHook(t), newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", fmt.Sprintf(`[
		{"user":"u1","role":"handler","channels":[{"kind":"webhook","to":"%s/in"}]},
		{"user":"u2","role":"handler","channels":[{"kind":"email","to":"full@example.org"}]},
		{"user":"u3","role":"handler","channels":[{"kind":"email","to":"gone@example.org"}]},
		{"user":"u4","role":"handler","channels":[{"kind":"webhook","to":"https://not-listed.example.org/"}]},
		{"user":"u5","role":"handler","channels":[{"kind":"dingtalk","robot":"room"}]}]`, h.url))
	h.answer = func(n int) int {
		if n <= 2 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	full := 0
	office.answer = func(to string) error {
		switch {
		case to == "gone@example.org":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case full < 1:
			full++
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
		}
		return nil
	}
	n := b.notifier(channel.Senders{"webhook": h.sender(t), "email": office.sender(t)})
	b.raise("a-", 1, "yellow", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	require.Equal(t, map[string]uint64{
		"webhook queued busy": 1, "email queued busy": 1, "email failed refused": 1, "webhook failed host_not_allowed": 1,
		"dingtalk failed not_configured": 1,
	}, b.states())
	b.step(n, at("09:05:20"), 3)
	require.Len(t, h.all(), 1, "not before 30 s")
	b.step(n, at("09:05:40"), 4)
	require.Len(t, h.all(), 2)
	require.Len(t, office.mails(), 1)
	b.step(n, at("09:06:20"), 5)
	require.Len(t, h.all(), 2, "the second pause is a minute at least")
	b.step(n, at("09:07:00"), 6)
	require.Len(t, h.all(), 3)
	require.Equal(t, map[string]uint64{
		"webhook sent": 1, "email sent": 1, "email failed refused": 1, "webhook failed host_not_allowed": 1, "dingtalk failed not_configured": 1,
	}, b.states())
}

func testAfterTheLastAttemptItIsFailed(t *testing.T, db *store.DB) {
	h := newHook(t)
	h.answer = func(int) int { return http.StatusBadGateway }
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", fmt.Sprintf(`[{"user":"u1","role":"handler","channels":[{"kind":"webhook","to":"%s/in"}]}]`, h.url))
	cfg := b.config()
	cfg.Attempts = 3
	n := b.notifierWith(cfg, channel.Senders{"webhook": h.sender(t)})
	b.raise("a-", 1, "yellow", 1, at("09:01:00"))
	for i := range 6 {
		b.step(n, at("09:05:00").Add(time.Duration(i)*time.Hour), uint64(2+i))
	}
	require.Len(t, h.all(), 3)
	require.Equal(t, map[string]uint64{"webhook failed busy": 1}, b.states())
}

func testHistoryIsNotToldAndNobodyIsVisible(t *testing.T, db *store.DB) {
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", `[]`)
	n := b.notifier(channel.Senders{})
	b.raise("old-", 50, "red", 1, at("09:01:00").AddDate(-3, 0, 0))
	b.raise("new-", 2, "yellow", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	require.Equal(t, map[string]uint64{"no_recipient nobody_is_handler": 1}, b.states())
}

// flaky fails every call while it is set.
type flaky struct {
	mu          sync.Mutex
	down        bool
	sent, tried int
}

func (f *flaky) PublishNotice(_ context.Context, key, _ []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if string(key) != "bridge" {
		return errors.New("the key is the user")
	}
	f.tried++
	if f.down {
		return context.DeadlineExceeded
	}
	f.sent++
	return nil
}

func testAnAttemptThatBrokeOffMayBeARepeat(t *testing.T, db *store.DB) {
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", `[{"user":"bridge","role":"handler","channels":[{"kind":"kafka"}]}]`)
	topic := &flaky{down: true}
	n := b.notifier(channel.Senders{"kafka": channel.NewKafka(topic)})
	b.raise("a-", 1, "red", 1, at("09:01:00"))
	b.step(n, at("09:01:01"), 2)
	require.Equal(t, map[string]uint64{"kafka queued timeout repeat": 1}, b.states())
	topic.down = false
	b.step(n, at("09:02:00"), 3)
	require.Equal(t, 1, topic.sent)
	require.Equal(t, map[string]uint64{"kafka sent repeat": 1}, b.states())
}

// Whether a message that timed out arrived nobody knows: it is repeated once at most.
func testATimeoutIsRepeatedOnce(t *testing.T, db *store.DB) {
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", `[{"user":"bridge","role":"handler","channels":[{"kind":"kafka"}]}]`)
	topic := &flaky{down: true}
	n := b.notifier(channel.Senders{"kafka": channel.NewKafka(topic)})
	b.raise("a-", 1, "red", 1, at("09:01:00"))
	for i := range 5 {
		b.step(n, at("09:01:01").Add(time.Duration(i)*time.Hour), uint64(2+i))
	}
	require.Equal(t, 2, topic.tried)
	require.Equal(t, map[string]uint64{"kafka failed timeout repeat": 1}, b.states())
}

func testQuietHoursHoldBackSecondAttempts(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("21:00:00"))
	b.organisation("bureau", "610802", "", `[{"user":"u1","role":"handler","channels":[{"kind":"email","to":"u1@example.org"}],`+
		`"quiet_from":"22:00","quiet_to":"07:30"}]`)
	full := true
	office.answer = func(string) error {
		if full {
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
		}
		return nil
	}
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("y-", 1, "yellow", 1, at("21:51:00"))
	b.raise("r-", 1, "red", 1, at("21:51:00"))
	b.step(n, at("21:59:50"), 2)
	require.Equal(t, map[string]uint64{"email queued busy": 2}, b.states())
	full = false
	b.step(n, at("22:05:00"), 3)
	require.Len(t, office.mails(), 1, "the red card")
	require.Equal(t, map[string]uint64{"email sent": 1, "email held quiet_hours": 1}, b.states())
	b.step(n, at("07:30:00").AddDate(0, 0, 1), 4)
	require.Equal(t, map[string]uint64{"email sent": 2}, b.states())
}

// The sweep looks for what nobody was told of, not for people who have come since.
// What the plan keeps from the organisation (domain guide 8.3) has to be read as kept: of the
// two cards here one is about a case that is secret.
func testOfASecretSubjectTheOrganisationIsSentNothing(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", officer)
	b.exec("INSERT INTO cases (source_sys, case_no, fold_version, secret) VALUES ('test', 'C0', 1, true)")
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("a-", 2, "red", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	mails := office.mails()
	require.Len(t, mails, 1)
	require.Contains(t, mails[0].body, "a-0001")
	require.NotContains(t, mails[0].body, "a-0000", "the alert of the secret case")
	require.NotContains(t, mails[0].body, "C0")
}

func testWhoComesLaterIsNotToldOfWhatWasTold(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", officer)
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("a-", 1, "yellow", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	b.organisation("bureau", "610802", "", `[{"user":"u1","role":"handler","channels":[{"kind":"email","to":"u1@example.org"}]},
		{"user":"u2","role":"handler","channels":[{"kind":"email","to":"u2@example.org"}]}]`)
	for i := range 3 {
		b.step(n, at("09:15:00").Add(time.Duration(i)*10*time.Minute), uint64(3+i))
	}
	require.Len(t, office.mails(), 1)
}

func testWhatALostEngineWroteIsFoundByTheSweep(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", officer)
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("a-", 1, "yellow", 2<<32|1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2<<32|2)
	require.Len(t, office.mails(), 1)
	// An engine that does not know yet that it lost the lease writes below the
	// cursor.
	b.raise("z-", 1, "yellow", 1<<32|9, at("09:06:00"))
	b.step(n, at("09:10:00"), 2<<32|3)
	require.Len(t, office.mails(), 1)
	b.step(n, at("09:16:00"), 2<<32|4)
	require.Len(t, office.mails(), 2)
}

func testTheLedgerHoldsNoAddress(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", officer)
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("a-", 1, "yellow", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	var text string
	require.NoError(t, b.db.Conn().QueryRow(t.Context(), "SELECT toString(groupArray(tuple(*))) FROM notices").Scan(&text))
	require.Contains(t, text, "u1")
	require.NotContains(t, text, "example.org")
}

func testAMailSaysWhatIsTheMatter(t *testing.T, db *store.DB) {
	office := newPostOffice(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "", officer)
	n := b.notifier(channel.Senders{"email": office.sender(t)})
	b.raise("a-", 12, "yellow", 1, at("09:01:00"))
	b.step(n, at("09:05:00"), 2)
	mails := office.mails()
	require.Len(t, mails, 1)
	require.Contains(t, mails[0].header.Get("Content-Type"), "multipart/alternative")
	require.True(t, strings.HasPrefix(mails[0].header.Get("Message-ID"), "<"))
	require.Equal(t, "auto-generated", mails[0].header.Get("Auto-Submitted"))
}

func testOrdersAreToldToo(t *testing.T, db *store.DB) {
	h := newHook(t)
	b := newBench(t, db, at("09:00:00"))
	b.organisation("bureau", "610802", "",
		fmt.Sprintf(`[{"user":"head","role":"dept_head","channels":[{"kind":"webhook","to":"%s/in"}]}]`, h.url))
	b.organisation("aide", "610802", "",
		fmt.Sprintf(`[{"user":"aide","role":"dept_head","channels":[{"kind":"webhook","to":"%s/in"}]}]`, h.url))
	n := b.notifier(channel.Senders{"webhook": h.sender(t)})
	b.exec(`INSERT INTO work_items (kind, id, fold_version, seq, state, org_code, co_orgs, region_code) VALUES ('order', 'o1', 1, 2, ` +
		`'issued', 'bureau', ['aide'], '610802')`)
	b.exec(`INSERT INTO work_events (kind, id, seq, fold_version, event, state, effective_at, recorded_at) VALUES
		('order', 'o1', 1, 1, 'draft', 'draft', '2026-03-05 01:01:00', '2026-03-05 01:01:00'), ('order', 'o1', 2, 1, 'issue', 'issued',
		'2026-03-05 01:01:00', '2026-03-05 01:01:00')`)
	b.step(n, at("09:05:00"), 2)
	got := h.all()
	require.Len(t, got, 2)
	for _, m := range got {
		require.Equal(t, []string{"work:order:o1:2"}, m.events)
	}
}

func testTheDirectoryInForceIsUsed(t *testing.T, db *store.DB) {
	b := newBench(t, db, at("09:00:00"))
	contact := func(user string) string {
		return fmt.Sprintf(`[{"user":"%s","role":"supervision_office","channels":[{"kind":"kafka"}]}]`, user)
	}
	b.exec(`INSERT INTO regions (region_code, name, parent_code, edition, path) VALUES ('610800', '榆林市', '610000', 'e', ['610000', '610800']),
		('610802', '榆阳区', '610800', 'e', ['610000', '610800', '610802'])`)
	version := func(code, event, region, from, to, contacts string) {
		b.exec(`INSERT INTO organisations (source_sys, org_code, event_id, name, region_code, valid_from, valid_to, payload)
			VALUES ('test', '%s', '%s', 'n', '%s', '%s', %s, '{"contacts":%s}')`, code, event, region, from, to, contacts)
	}
	version("bureau", "1", "610802", "2020-01-01", "NULL", "[]")
	version("office", "1", "610800", "2020-01-01", "NULL", contact("before"))
	version("office", "2", "610800", "2026-01-01", "NULL", contact("now"))
	version("office", "3", "610800", "2026-03-06", "NULL", contact("tomorrow"))
	version("closed", "1", "610802", "2020-01-01", "'2026-03-05'", contact("gone"))
	dir, err := notify.NewOrganisations(db.Conn(), b.reg).Load(t.Context(), at("00:30:00"))
	require.NoError(t, err)
	res := dir.Resolve(notify.Target{Notify: "supervisor", OrgCode: "bureau", RegionCode: "610802"})
	require.Len(t, res.People, 1)
	require.Equal(t, "now", res.People[0].User, "the office of the region above, as it is today; the one of the county closed today")
}
