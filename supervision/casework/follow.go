package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
	"duban/supervision/workflow"
)

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

// Follow opens the orders and proposes the referrals that follow from the
// alerts as they stand after a scan. Doing it again gives the same.
func (o *Office) Follow(ctx context.Context, next func() uint64) error {
	today := calendar.DayOf(o.now().UnixMilli())
	if o.rules == nil || !o.alertsChanged && o.followedOn == today {
		return nil
	}
	if rungs, _ := o.rungsWithOrders(); len(rungs) == 0 {
		return nil // a catalogue without grave cards, such as that of a rule under test
	}
	marks, err := checkpoint.Load(ctx, o.reg, o.conn())
	if err != nil {
		return err
	}
	followed, err := marks.Followed()
	if err != nil {
		return err
	}
	version := next()
	span := queries.Args{"after_version": followed.Version, "until_version": version}
	b := o.newBatch(nobody)
	if err := b.cardsOff(ctx, span); err != nil {
		return err
	}
	if err := b.write(ctx, version); err != nil {
		return err
	}
	if err := o.ordersOfCards(ctx, span, version); err != nil {
		return err
	}
	if err := o.referrals(ctx, span, version); err != nil {
		return err
	}
	if err := checkpoint.Save(ctx, o.reg, o.conn(), checkpoint.Followed{Version: version}, next(), o.now()); err != nil {
		return err
	}
	o.alertsChanged, o.followedOn = false, today
	return nil
}

// rungsWithOrders are the rungs whose cards open an order, as rule/severity, and
// what each opens.
func (o *Office) rungsWithOrders() (rungs []string, opens map[string]string) {
	rungs, opens = []string{}, map[string]string{}
	for _, r := range o.rules.All() {
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

func (o *Office) ordersOfCards(ctx context.Context, span queries.Args, version uint64) error {
	rungs, opens := o.rungsWithOrders()
	args := queries.Args{"rungs": rungs, "back_days": historyDays}
	maps.Copy(args, span)
	groups, err := selectCards.All(ctx, o.reg, o.conn(), args)
	if err != nil || len(groups) == 0 {
		return err
	}
	b := o.newBatch(nobody)
	var ids []string
	for i := range groups {
		for n := range maxGroupOrders {
			ids = append(ids, groupOrder(groups[i].RuleID, groups[i].OrgCode, groups[i].date(), n).id)
		}
	}
	if err := b.loadItems(ctx, ids); err != nil {
		return err
	}
	for i := range groups {
		b.orderFor(&groups[i], opens[groups[i].Mode])
	}
	return b.write(ctx, version)
}

// orderFor lets a group of cards join its open order, or opens one.
func (b *actionBatch) orderFor(g *cardGroup, how string) {
	id, org, day := g.RuleID, g.OrgCode, g.date()
	content := map[string]any{"alerts": g.Alerts, "subjects": g.Subjects}
	action := workflow.Action{Action: "join", Role: workflow.System, At: b.now, RecordedAt: b.now}
	var t target
	var it workflow.Item
	for n := range maxGroupOrders {
		t = groupOrder(id, org, day, n)
		if it = b.items[t]; it.Seq == 0 || workflow.Joins(it.State) {
			break
		}
	}
	if it.Seq == 0 {
		it = workflow.Item{Kind: t.kind, ID: t.id}
		action.Action = "create"
		names := rule.Text{Zh: id, En: id}
		if r, ok := b.o.rules.Get(id); ok {
			names = r.Names
		}
		content["org_code"], content["region_code"], content["origin"], content["issue"] = org, g.RegionCode, "rule", how == rule.OrderIssue
		content["rule"], content["day"] = id, day
		content["title"] = fmt.Sprintf("%s %s · %s %s", names.Zh, day, names.En, id)
		content["demand"] = "对所列红黄牌逐件查明原因、完成整改，并在期限内回复。Find the cause of each card listed, put it right, and reply within the limit."
	}
	action.ExpectedSeq, action.Payload = it.Seq, jsonRow(content)
	out, event, refusal := b.machines[workflow.Order].Apply(it, action)
	if refusal != nil {
		b.o.refusedItself(action.Action, t, refusal)
		return
	}
	b.record(t, out, event)
}

// refusedItself notes that the work did not take what the engine itself asked for: an
// organisation without a code, or a group that has used up its orders. One such thing
// must not keep everything else from being done.
func (o *Office) refusedItself(action string, t target, refusal error) {
	o.decided(t.kind, "system_refused")
	o.log.Warn("work that should follow from alerts was refused", "kind", t.kind, "id", t.id, "action", action, "reason", refusal.Error())
}

// cardsOff lets cards that were taken back leave the orders opened for them.
func (b *actionBatch) cardsOff(ctx context.Context, span queries.Args) error {
	orders, err := selectCardsOff.All(ctx, b.o.reg, b.o.conn(), span)
	if err != nil || len(orders) == 0 {
		return err
	}
	var ids []string
	for _, m := range orders {
		ids = append(ids, m.ID)
	}
	if err := b.loadItems(ctx, ids); err != nil {
		return err
	}
	for _, m := range orders {
		t := target{workflow.Order, m.ID}
		it := b.items[t]
		out, event, refusal := b.machines[workflow.Order].Apply(it, workflow.Action{
			Action: "leave", Role: workflow.System, ExpectedSeq: it.Seq, At: b.now, RecordedAt: b.now,
			Payload: jsonRow(map[string]any{"alerts": m.Gone}),
		})
		if refusal != nil {
			b.o.refusedItself("leave", t, refusal)
			continue
		}
		b.record(t, out, event)
	}
	return nil
}

// referrals proposes what people are to decide about.
func (o *Office) referrals(ctx context.Context, span queries.Args, version uint64) error {
	args := queries.Args{
		"now": o.now(), "calendar": o.calendar().Version(), "proved_rules": provedRules(), "cards": redCardsPerQuarter, "over_days": orderOverWD,
	}
	maps.Copy(args, span)
	due, err := selectReferrals.All(ctx, o.reg, o.conn(), args)
	if err != nil || len(due) == 0 {
		return err
	}
	b := o.newBatch(nobody)
	for _, m := range due {
		t := target{workflow.Referral, m.ID}
		out, event, refusal := b.machines[workflow.Referral].Apply(workflow.Item{Kind: t.kind, ID: t.id}, workflow.Action{
			Action: "propose", Role: workflow.System, At: b.now, RecordedAt: b.now,
			Payload: jsonRow(map[string]any{
				"org_code": m.OrgCode, "region_code": m.RegionCode, "origin": "rule", "staff_id": m.StaffID, "basis": m.Basis,
				"grounds": groundsOf(m.Basis, m.Detail), "alerts": m.Alerts, "subjects": m.Subjects,
			}),
		})
		if refusal != nil {
			o.refusedItself("propose", t, refusal)
			continue
		}
		b.record(t, out, event)
	}
	return b.write(ctx, version)
}

// groundsOf says in both languages why a referral is proposed.
func groundsOf(basis, detail string) string {
	switch basis {
	case "red_cards":
		return fmt.Sprintf("同一人员 %s 内红牌达到 %d 张。%d red cards or more on one member of staff in %s.",
			detail, redCardsPerQuarter, redCardsPerQuarter, detail)
	case "proved_violation":
		return fmt.Sprintf("%s 红牌查证属实。A red card of %s was proved.", detail, detail)
	default:
		return fmt.Sprintf("督办单 %s 超期超过 %d 个工作日。Order %s is more than %d working days over its due.",
			detail, orderOverWD, detail, orderOverWD)
	}
}
