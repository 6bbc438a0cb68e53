package e2e

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/instance"
)

// TestAFullDiskLosesNothing fills the disk of an instance while a simulated province flows
// in, again and again, as another program would: to the last byte and in the midst of
// merges. While it is full everything that can tell says so; afterwards every fact is
// there and every figure equals the simulator's ledger.
func TestAFullDiskLosesNothing(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make a small disk")
	}
	for kind, mount := range map[string]func(testing.TB, string){"tmpfs": mountTmpfs, "ext4": mountExt4} {
		if kind == "ext4" && os.Getenv("DUBAN_DISK_FILLS") == "" {
			continue // one kind is enough for the suite
		}
		t.Run(kind, func(t *testing.T) { fillAgainAndAgain(t, mount) })
	}
}

func fillAgainAndAgain(t *testing.T, mount func(testing.TB, string)) {
	fills, seconds := setting("DUBAN_DISK_FILLS", 2), setting("DUBAN_DISK_SECONDS", 4)
	disk := t.TempDir()
	mount(t, disk)
	dir := filepath.Join(disk, "data")
	t.Setenv("DUBAN_STORE_MIN_FREE_MB", "150")
	r := up(t, dir)
	ledgerPath := filepath.Join(t.TempDir(), "ledger.json")
	sim := exec.Command(binary(t), "simulate", "--seed", "11", "--events", strconv.Itoa(setting("DUBAN_DISK_EVENTS", 15_000)),
		"--rate", strconv.Itoa(setting("DUBAN_DISK_RATE", 1_000)), "--conflicts", "0.001", "--malformed", "50", "--ledger",
		ledgerPath, "--data", dir)
	simLog := &lockedBuffer{}
	sim.Stderr = simLog
	require.NoError(t, sim.Start())
	done := make(chan error, 1)
	go func() { done <- sim.Wait() }()

	for i := range fills {
		time.Sleep(3 * time.Second)
		fill(t, filepath.Join(disk, "of-another-program"))
		full := time.Now()
		requireFullIsTold(t, r)
		time.Sleep(time.Until(full.Add(time.Duration(seconds) * time.Second)))
		require.NoError(t, os.Remove(filepath.Join(disk, "of-another-program")))
		require.Eventually(t, func() bool { code, _ := r.get(t, "/readyz"); return code == http.StatusOK }, 90*time.Second, 200*time.Millisecond,
			"it goes on by itself")
		t.Logf("fill %d: %d times the engine was found with a broken part", i+1, strings.Count(r.log.String(), "starting ClickHouse again"))
	}
	select {
	case err := <-done:
		require.NoError(t, err, tail(simLog.String(), 3000))
	case <-time.After(20 * time.Minute):
		_ = sim.Process.Kill()
		t.Fatal("the simulator did not finish: " + tail(simLog.String(), 3000))
	}
	_, err := r.try("findings", "--acknowledge", "parts that a full disk broke, made again from those before")
	require.NoError(t, err)
	requireLedger(t, r, readLedger(t, ledgerPath))
	before := r.status()
	r.stop()
	require.NoError(t, r.start(2*time.Minute))
	require.Equal(t, before.Topics, r.status("--wait").Topics, "what the broker and the tables have on the disk is what they said they had")
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return nil //nolint:nilerr // gone since
		}
		if info, err := d.Info(); err == nil {
			require.Zero(t, info.Mode().Perm()&0o077, "%s is open to other accounts", path)
		}
		return nil
	}))
}

// requireFullIsTold asks all who can tell.
func requireFullIsTold(t *testing.T, r *running) {
	t.Helper()
	require.Eventually(t, func() bool {
		code, body := r.get(t, "/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "disk full")
	}, 10*time.Second, 100*time.Millisecond, "/readyz")
	_, metrics := r.get(t, "/metrics")
	require.Contains(t, metrics, "duban_disk_full 1")
	out, err := r.try("check")
	require.Error(t, err)
	require.Contains(t, string(out), "✗ disk")
	require.Contains(t, string(out), "disk full")
	out, err = r.try("status")
	require.Error(t, err)
	require.Contains(t, string(out), "disk full")
	require.Contains(t, r.log.String(), "disk full: nothing is taken in until there is room")
	token, err := instance.Secret(r.dir, "intake-token", "")
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.address(t)+"/api/v1/events?topic=case-events",
		strings.NewReader("{}\n"))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+string(token))
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode, string(body))
	require.Contains(t, string(body), "disk full")
	_, page := r.get(t, "/nowhere?lang=zh-CN") // needs nothing of the engine
	require.Contains(t, page, "磁盘空间不足", "pages tell it")
}

func (r *running) address(t testing.TB) string {
	t.Helper()
	e, err := instance.Read(r.dir)
	require.NoError(t, err)
	return e.HTTP
}

func (r *running) get(t testing.TB, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.address(t)+path, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// fill writes until there is not a byte left, some 250 MB a second.
func fill(t testing.TB, path string) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	for block := make([]byte, 1<<20); ; {
		time.Sleep(4 * time.Millisecond)
		if _, err = f.Write(block); err != nil {
			if len(block) == 1 {
				break
			}
			block = block[:len(block)/2]
		}
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	_ = f.Close()
}

func mountTmpfs(t testing.TB, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=600m"); err != nil {
		t.Skip("no small disk can be made here: " + err.Error())
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

func mountExt4(t testing.TB, dir string) {
	t.Helper()
	image := filepath.Join(t.TempDir(), "disk")
	f, err := os.Create(image)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(700<<20))
	require.NoError(t, f.Close())
	for _, args := range [][]string{{"mkfs.ext4", "-q", "-m", "0", image}, {"mount", "-o", "loop", image, dir}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skip("no small disk can be made here: " + string(out))
		}
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}
