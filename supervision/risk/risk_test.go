package risk_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/queries"
	"duban/supervision/risk"
)

const hour = time.Hour

// past are six tickets, each due 100 hours after it was received, all before
// June: of item A two were late, one stopped with 60 hours left and one with
// 10; of item B both stopped with 5 hours left.
func past() []row {
	var out []row
	for i, x := range []struct {
		no, topic string
		age       time.Duration
	}{{"A1", "A", 150 * hour}, {"A2", "A", 101 * hour}, {"A3", "A", 40 * hour}, {"A4", "A", 90 * hour}, {"B1", "B", 95 * hour},
		{"B2", "B", 95 * hour}} {
		start := at("2026-05-01 09:00").Add(time.Duration(i) * hour)
		out = append(out, ticket(x.no, x.topic, start, start.Add(100*hour), start.Add(x.age)))
	}
	return out
}

// june is the instant asked about; OPEN has 50 hours left then.
var june = at("2026-06-01 12:00")

func openTicket() row {
	return ticket("OPEN", "A", june.Add(-50*hour), june.Add(50*hour), time.Time{})
}

func openArgs(more queries.Args) queries.Args {
	args := queries.Args{"as_of": june, "calendar": "test", "max_rows": 100, "unproven": true}
	maps.Copy(args, more)
	return args
}

// The largest grid step not above 50 h is 1.1^41 = 49.785 h. With so much left
// A3 had stopped; A1, A2, A4, B1, B2 were open. So item and step: 2 of 3; step:
// 2 of 5; source: 2 of 5.
// All grid steps from 1.1^-14 to 1.1^48 = 97.0 h, the last below 100 h, are 63:
// the late ones were open at 63 each, A3 at those above 60 h (1.1^43…48: 6), A4
// above 10 h (1.1^25…48: 24), B1 and B2 above 5 h (1.1^17…48: 32 each): 126 late of
// 126 + 6 + 24 + 64 = 220.
func shrunk(m float64) float64 {
	p := 126.5 / 221
	p = (2 + m*p) / (5 + m) // source
	p = (2 + m*p) / (5 + m) // step
	return (2 + m*p) / (3 + m)
}

func TestProbabilityIsTheShareOfLateOnesWithAsMuchTimeLeftDrawnToWiderGroups(t *testing.T) {
	b := newBench(t)
	b.insert("tickets", append(past(), openTicket())...)
	rows := b.run("risk/open_tickets", openArgs(nil))
	require.Len(t, rows, 1)
	r := rows[0]
	require.Equal(t, "OPEN", r["subject_no"])
	require.InDelta(t, 50, r["left"], 1e-9)
	require.InDelta(t, 49.785, r["compared_left"], 0.001)
	require.Equal(t, []uint64{2, 2, 2, 2, 2}, r["ks"])
	require.Equal(t, []uint64{3, 3, 5, 5, 5}, r["ns"])
	require.InDelta(t, 126.5/221, r["source_share"], 1e-9)
	require.InDelta(t, shrunk(20), r["probability"], 1e-9, "without a verdict the prior strength is 20")
	require.Equal(t, "source", r["peer_group"], "no group has 20 subjects")
	require.Equal(t, "none", r["verdict"])

	require.Empty(t, b.run("risk/open_tickets", openArgs(queries.Args{"unproven": false})), "a source without a verdict is not shown")
	require.NoError(t, risk.New(b.reg, b.db.Conn(), time.Now).Keep(t.Context(), &risk.Report{
		Source: "city", Kind: "ticket", AsOf: june.Add(-hour), TrainUntil: june.Add(-hour), Strength: 2, Verdict: risk.Beats,
	}))
	rows = b.run("risk/open_tickets", openArgs(queries.Args{"unproven": false}))
	require.Len(t, rows, 1)
	require.InDelta(t, shrunk(2), rows[0]["probability"], 1e-9)
	require.Equal(t, "item_step", rows[0]["peer_group"])
	require.Equal(t, uint64(2), rows[0]["peers_late"])
	require.Equal(t, uint64(3), rows[0]["peers"])
}

func TestWhatHappensLaterChangesNothing(t *testing.T) {
	b := newBench(t)
	b.insert("tickets", append(past(), openTicket())...)
	before := b.run("risk/open_tickets", openArgs(nil))
	// OPEN closes after the instant, another one turns out late after it, a
	// third is received after it.
	closed := ticket("OPEN", "A", june.Add(-50*hour), june.Add(50*hour), june.Add(hour))
	closed["fold_version"] = 2
	b.insert("tickets", closed,
		ticket("LATER", "A", june.Add(hour), june.Add(2*hour), june.Add(9*hour)))
	require.Equal(t, before, b.run("risk/open_tickets", openArgs(nil)))
	require.Empty(t, b.run("risk/open_tickets", openArgs(queries.Args{"as_of": june.Add(20 * hour)})), "an hour later it was closed")
}

func TestDueThatPassedIsNoEarlyWarning(t *testing.T) {
	b := newBench(t)
	b.insert("tickets", append(past(), openTicket())...)
	require.Empty(t, b.run("risk/open_tickets", openArgs(queries.Args{"as_of": june.Add(51 * hour)})))
}

// Learned before June, judged after it, at the age of one hour: item A was late
// 2 of 4, item B 0 of 2, one group of steps, m = 1. Of the four judged, two of A
// are late, one of A and one of B are not.
func TestAreaAndBrierScoreByHandWithTies(t *testing.T) {
	b := newBench(t)
	facts := past()
	for i, x := range []struct {
		no, topic string
		age       time.Duration
	}{{"T1", "A", 120 * hour}, {"T2", "A", 130 * hour}, {"T3", "A", 50 * hour}, {"T4", "B", 60 * hour}} {
		start := june.Add(time.Duration(i) * hour)
		facts = append(facts, ticket(x.no, x.topic, start, start.Add(100*hour), start.Add(x.age)))
	}
	b.insert("tickets", facts...)
	rows := b.run("risk/backtest", queries.Args{
		"source": "city", "kind": "ticket", "as_of": at("2026-08-01"), "train_until": june, "landmarks": []float64{1}, "strengths": []float64{1},
		"with_org": 0, "calendar": "test",
	})
	require.Len(t, rows, 2, "the age, and all ages")
	// 99 hours are left, compared at 97.0 h, when all six were open.
	p6 := 126.5 / 221
	p5 := (2 + p6) / 7
	p4 := (2 + p5) / 7
	a, bb := (2+p4)/5, (0+p4)/3
	for _, r := range rows {
		require.Equal(t, uint64(4), r["n"])
		require.Equal(t, uint64(2), r["late"])
		// Pairs of a late one and another: A above A is a tie, twice; A above B, twice.
		require.InDelta(t, (0.5+0.5+1+1)/4, r["auc_model"], 1e-9)
		require.InDelta(t, 0.5, r["auc_baseline"], 1e-9, "all had used one hundredth of their time")
		require.InDelta(t, (2*(1-a)*(1-a)+a*a+bb*bb)/4, r["brier_model"], 1e-9)
		// One bin with two late of six: (2 + 1/2) / 7.
		c := 2.5 / 7
		require.InDelta(t, (2*(1-c)*(1-c)+2*c*c)/4, r["brier_baseline"], 1e-9)
	}
}

// The rank formula in SQL agrees with counting pairs on many predictions.
func TestAreaAgreesWithCountingPairs(t *testing.T) {
	b := newBench(t)
	var facts []row
	topics := []string{"A", "B", "C"}
	for i := range 120 {
		start := at("2026-01-05 09:00").Add(time.Duration(i) * 25 * hour)
		limit := time.Duration(24+24*(i%5)) * hour
		age := time.Duration(7+(i*37)%150) * hour
		no := topics[i%3] + time.Duration(i).String()
		facts = append(facts, ticket(no, topics[i%3], start, start.Add(limit), start.Add(age)))
	}
	b.insert("tickets", facts...)
	args := queries.Args{
		"source": "city", "kind": "ticket", "as_of": at("2026-08-01"), "train_until": at("2026-03-15"), "landmarks": []float64{3, 12, 30},
		"strengths": []float64{5}, "with_org": 0, "calendar": "test",
	}
	scores := b.run("risk/backtest", args)
	args["max_rows"] = 10000
	predictions := b.run("risk/backtest_predictions", args)
	require.NotEmpty(t, predictions)
	all := scores[len(scores)-1]
	require.Nil(t, all["landmark"])
	require.Equal(t, uint64(len(predictions)), all["n"])
	require.InDelta(t, area(predictions, "probability"), all["auc_model"], 1e-9)
	require.InDelta(t, area(predictions, "used"), all["auc_baseline"], 1e-9)
	sum := 0.0
	for _, p := range predictions {
		d := p["probability"].(float64)
		if p["late"].(bool) {
			d--
		}
		sum += d * d
	}
	require.InDelta(t, sum/float64(len(predictions)), all["brier_model"], 1e-9)
}

func area(predictions []row, score string) float64 {
	pairs, won := 0.0, 0.0
	for _, p := range predictions {
		for _, o := range predictions {
			if !p["late"].(bool) || o["late"].(bool) {
				continue
			}
			pairs++
			switch x, y := p[score].(float64), o[score].(float64); {
			case x > y:
				won++
			case x == y:
				won += 0.5
			}
		}
	}
	return won / pairs
}

func TestVerdictNeedsBothScoresAndEnoughOfBoth(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	good := risk.Score{Predictions: 200, Late: 50, AUCModel: f(0.7), AUCBaseline: f(0.6), BrierGain: f(0.02), BrierGainError: f(0.01)}
	require.Equal(t, risk.Beats, risk.Judge(good))
	for name, change := range map[string]func(*risk.Score){
		"the order is no better":      func(s *risk.Score) { s.AUCBaseline = f(0.7) },
		"the gain may be chance":      func(s *risk.Score) { s.BrierGainError = f(0.0103) },
		"the probabilities are worse": func(s *risk.Score) { s.BrierGain = f(-0.02) },
	} {
		s := good
		change(&s)
		require.Equal(t, risk.NoBetter, risk.Judge(s), name)
	}
	for name, change := range map[string]func(*risk.Score){
		"29 late":     func(s *risk.Score) { s.Late = 29 },
		"29 on time":  func(s *risk.Score) { s.Late = 171 },
		"no baseline": func(s *risk.Score) { s.BrierGain = nil },
	} {
		s := good
		change(&s)
		require.Equal(t, risk.TooFew, risk.Judge(s), name)
	}
}
