package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
	"duban/supervision/workflow"
)

// followUp is what the engine remembers of orders and referrals that follow from
// alerts; the holder of the lease alone uses it.
type followUp struct {
	// changed: the history of some alert grew since they were looked at.
	changed bool
	// day is the local day on which orders were looked at for those long overdue.
	day calendar.Day
}

// historyDays is how many days after its instant a card may be announced to open
// an order: whom a load of old data blames is not ordered about.
const historyDays = 30

// Grounds of accountability referrals (domain guide 6.3).
const (
	redCardsPerQuarter = 3
	orderOverWD        = 10
)

// provedRules are the rules of which one proved card is a ground.
func provedRules() []string { return []string{"R-DAT-05", "R-DAT-05-T", "R-PRC-04", "R-FEE-01"} }

// followAlerts opens the orders and proposes the referrals that follow from the
// alerts as they stand after a look. Doing it again gives the same.
func (e *Engine) followAlerts(ctx context.Context, l *lease) error {
	today := calendar.DayOf(e.now().UnixMilli())
	if e.cfg.Rules == nil || !e.follow.changed && e.follow.day == today {
		return nil
	}
	if rungs, _ := e.rungsWithOrders(); len(rungs) == 0 {
		return nil // a catalogue without grave cards, such as that of a rule under test
	}
	marks, err := e.marks(ctx)
	if err != nil {
		return err
	}
	followed, err := marks.Followed()
	if err != nil {
		return err
	}
	version := l.version()
	span := queries.Args{"after_version": followed.Version, "until_version": version}
	d := e.newDesk(func(string, string) bool { return false }) // nobody acts here
	if err := d.cardsOff(ctx, span); err != nil {
		return err
	}
	if err := d.write(ctx, version); err != nil {
		return err
	}
	if err := e.ordersOfCards(ctx, span, version); err != nil {
		return err
	}
	if err := e.referrals(ctx, span, version); err != nil {
		return err
	}
	if err := e.checkpoint(ctx, l, checkpoint.Followed{Version: version}); err != nil {
		return err
	}
	e.follow = followUp{day: today}
	return nil
}

// rungsWithOrders are the rungs whose cards open an order, as rule/severity, and
// what each opens.
func (e *Engine) rungsWithOrders() (rungs []string, opens map[string]string) {
	rungs, opens = []string{}, map[string]string{}
	for _, r := range e.cfg.Rules.All() {
		for _, x := range r.Ladder {
			if how := x.Opens(); how != rule.OrderNone {
				key := r.ID + "/" + string(x.Severity)
				rungs, opens[key] = append(rungs, key), how
			}
		}
	}
	return rungs, opens
}

// groupOrder is the id of the n-th order of a group; the second one is opened
// when cards come after the first was answered.
func groupOrder(ruleID, org, day string, n int) target {
	sum := sha256.Sum256(fmt.Appendf(nil, "cards\x1f%s\x1f%s\x1f%s\x1f%d", ruleID, org, day, n))
	return target{workflow.Order, hex.EncodeToString(sum[:16])}
}

// maxGroupOrders bounds how many orders one group may come to on its day.
const maxGroupOrders = 20

func (e *Engine) ordersOfCards(ctx context.Context, span queries.Args, version uint64) error {
	rungs, opens := e.rungsWithOrders()
	args := queries.Args{"rungs": rungs, "back_days": historyDays}
	for k, v := range span {
		args[k] = v
	}
	groups, err := selectCards.All(ctx, e.reg, e.db.Conn(), args)
	if err != nil || len(groups) == 0 {
		return err
	}
	d := e.newDesk(func(string, string) bool { return false })
	var ids []string
	for i := range groups {
		for n := range maxGroupOrders {
			ids = append(ids, groupOrder(groups[i].RuleID, groups[i].OrgCode, groups[i].date(), n).id)
		}
	}
	if err := d.loadItems(ctx, ids); err != nil {
		return err
	}
	for i := range groups {
		d.orderFor(&groups[i], opens[groups[i].Mode])
	}
	return d.write(ctx, version)
}

// orderFor lets a group of cards join its open order, or opens one.
func (d *desk) orderFor(g *cardGroup, how string) {
	id, org, day := g.RuleID, g.OrgCode, g.date()
	content := map[string]any{"alerts": g.Alerts, "subjects": g.Subjects}
	action := workflow.Action{Action: "join", Role: workflow.System, At: d.now, RecordedAt: d.now}
	var t target
	var it workflow.Item
	for n := range maxGroupOrders {
		t = groupOrder(id, org, day, n)
		if it = d.items[t]; it.Seq == 0 || workflow.Joins(it.State) {
			break
		}
	}
	if it.Seq == 0 {
		it = workflow.Item{Kind: t.kind, ID: t.id}
		action.Action = "create"
		names := rule.Text{Zh: id, En: id}
		if r, ok := d.e.cfg.Rules.Get(id); ok {
			names = r.Names
		}
		content["org_code"], content["region_code"], content["origin"], content["issue"] = org, g.RegionCode, "rule", how == rule.OrderIssue
		content["rule"], content["day"] = id, day
		content["title"] = fmt.Sprintf("%s %s · %s %s", names.Zh, day, names.En, id)
		content["demand"] = "对所列红黄牌逐件查明原因、完成整改，并在期限内回复。Find the cause of each card listed, put it right, and reply within the limit."
	}
	action.ExpectedSeq, action.Payload = it.Seq, jsonRow(content)
	out, event, refusal := d.machines[workflow.Order].Apply(it, action)
	if refusal != nil {
		d.e.refusedItself(action.Action, t, refusal)
		return
	}
	d.take(t, out, event)
}

// refusedItself notes that the work did not take what the engine itself asked for: an
// organisation without a code, or a group that has used up its orders. One such thing
// must not keep everything else from being done.
func (e *Engine) refusedItself(action string, t target, refusal error) {
	e.in.actions.WithLabelValues(string(t.kind), "system_refused").Inc()
	e.log.Warn("work that should follow from alerts was refused", "kind", t.kind, "id", t.id, "action", action, "reason", refusal.Error())
}

// cardsOff lets cards that were taken back leave the orders opened for them.
func (d *desk) cardsOff(ctx context.Context, span queries.Args) error {
	orders, err := selectCardsOff.All(ctx, d.e.reg, d.e.db.Conn(), span)
	if err != nil || len(orders) == 0 {
		return err
	}
	var ids []string
	for _, m := range orders {
		ids = append(ids, m.ID)
	}
	if err := d.loadItems(ctx, ids); err != nil {
		return err
	}
	for _, m := range orders {
		t := target{workflow.Order, m.ID}
		it := d.items[t]
		out, event, refusal := d.machines[workflow.Order].Apply(it, workflow.Action{
			Action: "leave", Role: workflow.System, ExpectedSeq: it.Seq, At: d.now, RecordedAt: d.now, Payload: jsonRow(map[string]any{"alerts": m.Gone}),
		})
		if refusal != nil {
			d.e.refusedItself("leave", t, refusal)
			continue
		}
		d.take(t, out, event)
	}
	return nil
}

// referrals proposes what people are to decide about.
func (e *Engine) referrals(ctx context.Context, span queries.Args, version uint64) error {
	args := queries.Args{
		"now": e.now(), "calendar": e.Calendar().Version(), "proved_rules": provedRules(), "cards": redCardsPerQuarter, "over_days": orderOverWD,
	}
	for k, v := range span {
		args[k] = v
	}
	due, err := selectReferrals.All(ctx, e.reg, e.db.Conn(), args)
	if err != nil || len(due) == 0 {
		return err
	}
	d := e.newDesk(func(string, string) bool { return false })
	for _, m := range due {
		t := target{workflow.Referral, m.ID}
		out, event, refusal := d.machines[workflow.Referral].Apply(workflow.Item{Kind: t.kind, ID: t.id}, workflow.Action{
			Action: "propose", Role: workflow.System, At: d.now, RecordedAt: d.now,
			Payload: jsonRow(map[string]any{
				"org_code": m.OrgCode, "region_code": m.RegionCode, "origin": "rule", "staff_id": m.StaffID, "basis": m.Basis,
				"grounds": groundsOf(m.Basis, m.Detail), "alerts": m.Alerts, "subjects": m.Subjects,
			}),
		})
		if refusal != nil {
			e.refusedItself("propose", t, refusal)
			continue
		}
		d.take(t, out, event)
	}
	return d.write(ctx, version)
}

// groundsOf says in both languages why a referral is proposed.
func groundsOf(basis, detail string) string {
	switch basis {
	case "red_cards":
		return fmt.Sprintf("同一人员 %s 内红牌达到 %d 张。%d red cards or more on one member of staff in %s.", detail, redCardsPerQuarter, redCardsPerQuarter, detail)
	case "proved_violation":
		return fmt.Sprintf("%s 红牌查证属实。A red card of %s was proved.", detail, detail)
	default:
		return fmt.Sprintf("督办单 %s 超期超过 %d 个工作日。Order %s is more than %d working days over its due.", detail, orderOverWD, detail, orderOverWD)
	}
}
