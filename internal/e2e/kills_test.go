package e2e

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// setting reads a number from the environment: the long fault run asks for
// more than the suite.
func setting(name string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return def
}

// TestKillsLoseAndDoubleNothing kills ClickHouse, the program, and both, at
// random moments while a simulated province flows in; afterwards the identity
// must hold and every figure must equal the simulator's ledger.
func TestKillsLoseAndDoubleNothing(t *testing.T) {
	events, kills := setting("DUBAN_FAULT_EVENTS", 60_000), setting("DUBAN_FAULT_KILLS", 6)
	dir := os.Getenv("DUBAN_FAULT_DIR") // kept for a look afterwards
	if dir == "" {
		dir = t.TempDir()
	}
	r := up(t, dir)
	ledgerPath := filepath.Join(t.TempDir(), "ledger.json")
	sim := exec.Command(binary(t), "simulate", "--seed", "11", "--events", strconv.Itoa(events),
		"--rate", strconv.Itoa(setting("DUBAN_FAULT_RATE", 5_000)), "--conflicts", "0.001", "--malformed", "50", "--ledger",
		ledgerPath, "--data", dir)
	simLog := &lockedBuffer{}
	sim.Stderr = simLog
	require.NoError(t, sim.Start())
	done := make(chan error, 1)
	go func() { done <- sim.Wait() }()

	rng := rand.New(rand.NewPCG(1, uint64(kills)))
	for i := range kills {
		time.Sleep(time.Duration(300+rng.IntN(1700)) * time.Millisecond)
		switch i % 3 {
		case 0:
			t.Logf("kill %d: ClickHouse (%v)", i+1, r.killEngine())
		case 1:
			t.Logf("kill %d: duban", i+1)
			r.kill()
			require.NoError(t, r.start(2*time.Minute))
		default:
			t.Logf("kill %d: both", i+1)
			r.killEngine()
			r.kill()
			require.NoError(t, r.start(2*time.Minute))
		}
	}
	select {
	case err := <-done:
		require.NoError(t, err, tail(simLog.String(), 3000))
	case <-time.After(20 * time.Minute):
		_ = sim.Process.Kill()
		t.Fatal("the simulator did not finish: " + tail(simLog.String(), 3000))
	}
	requireLedger(t, r, readLedger(t, ledgerPath))
}
