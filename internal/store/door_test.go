package store_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
)

func TestNobodyReachesTheEngineWithoutASecret(t *testing.T) {
	e := start(t, t.TempDir())
	host, pid := hostOf(t, e.DSN()), e.PID()
	for _, login := range []string{"default", "default:x", "nobody", "duban", "duban:wrong", "duban_reader",
		"duban_reader:wrong", "interserver"} {
		for _, database := range []string{"default", "duban", "system", "nowhere"} {
			db := open(t, "clickhouse://"+login+"@"+host+"/"+database)
			require.ErrorContains(t, db.Conn().Exec(t.Context(), "SELECT file('/etc/passwd')"), "code: 516", "%s, %s", login, database)
		}
	}
	// A web page that is open on the machine can send this, of any origin.
	for _, sent := range []string{
		"POST /?add_http_cors_header=1&query=SELECT+1 HTTP/1.1\r\nHost: " + host +
			"\r\nOrigin: http://elsewhere.example\r\nContent-Length: 0\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01\x00\x05hello", "\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"\x00\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
	} {
		require.Empty(t, talk(t, host, sent), "%q is not answered at all", sent)
	}
	require.ErrorContains(t, open(t, "clickhouse://duban:"+password(t, e.DSN())+"@"+host+"/nowhere").Ping(t.Context()), "code: 81")
	require.NoError(t, open(t, e.DSN()).Ping(t.Context()))
	require.Equal(t, pid, e.PID())
	require.Zero(t, e.Restarts(), "a client who fails to sign in ends nothing")
}

// The engine as a library ends when somebody fails to sign in, so that nobody else may
// even try, and has a user without a password.
func TestTheEngineListensWhereNobodyElseIs(t *testing.T) {
	e := start(t, t.TempDir())
	if !e.Isolated() {
		t.Skip("the system lets this account make no network")
	}
	theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", e.PID()))
	require.NoError(t, err)
	ours, err := os.Readlink("/proc/self/ns/net")
	require.NoError(t, err)
	require.NotEqual(t, ours, theirs)
}

func TestAnotherAccountOfTheMachineIsNotAnswered(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another account")
	}
	e := start(t, t.TempDir())
	host := hostOf(t, e.DSN())
	hello := append([]byte{0}, text("client", 54, 1, 54460, "duban", "duban", password(t, e.DSN()))...)
	require.NotEmpty(t, talk(t, host, string(hello)), "the account itself and root are")
	answer := make(chan string)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
			answer <- errno.Error()
			return
		}
		answer <- talk(t, host, string(hello))
	}()
	require.Empty(t, <-answer, "with the right password even")
}

func TestTheEngineReadsNoFileButItsData(t *testing.T) {
	if err := store.Confinement(); err != nil {
		t.Skip(err)
	}
	t.Setenv("DUBAN_CLICKHOUSE_DSN", "clickhouse://a:secret@b/c")
	top := t.TempDir()
	secret := filepath.Join(top, "secrets", "action-key")
	require.NoError(t, os.MkdirAll(filepath.Dir(secret), 0o700))
	require.NoError(t, os.WriteFile(secret, []byte("the key"), 0o600))
	dir := filepath.Join(top, "clickhouse")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	e := start(t, dir)
	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "data", "link")))
	for who, dsn := range map[string]string{"owner": e.DSN(), "reader": e.ReaderDSN()} {
		db := open(t, dsn)
		for _, path := range []string{
			secret, filepath.Join(dir, "passwords"), filepath.Join(dir, "data", "link"), "/etc/passwd", "/etc/shadow",
			"/proc/kcore", "/proc/1/environ",
			fmt.Sprintf("/proc/%d/environ", os.Getpid()), "/proc/self/root/etc/passwd", "/proc/self/cwd/../../go.mod", "/root/.bashrc",
		} {
			var content string
			require.Error(t, db.Conn().QueryRow(t.Context(), "SELECT file(?)", path).Scan(&content), "%s reads %s", who, path)
			require.Empty(t, content)
		}
		// What the engine was started with it must be able to read, and so can SQL: there is nothing in it to sign in with.
		for _, name := range []string{"config.xml", "users.xml", "child.json"} {
			var content string
			require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT file(?)", filepath.Join(dir, "config", name)).Scan(&content), name)
			for _, of := range []string{e.DSN(), e.ReaderDSN()} {
				require.NotContains(t, content, password(t, of), "%s reads %s", who, name)
				require.GreaterOrEqual(t, len(password(t, of)), 32, "160 bits by chance, which no hash of them gives away")
			}
			require.NotContains(t, content, "the key")
		}
		require.ErrorContains(t, db.Conn().Exec(t.Context(), "SELECT * FROM file('/etc/passwd', 'LineAsString')"), "code: 497", who)
		require.ErrorContains(t, db.Conn().Exec(t.Context(), "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"), "code: 497", who)
		for _, order := range []string{"SYSTEM STOP LISTEN TCP", "SYSTEM START LISTEN HTTP", "SYSTEM SHUTDOWN"} {
			require.ErrorContains(t, db.Conn().Exec(t.Context(), order), "code: 497", "%s: %s", who, order)
		}
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "data", "link")))

	_, port, err := net.SplitHostPort(hostOf(t, e.DSN()))
	require.NoError(t, err)
	argv, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", e.PID()))
	require.NoError(t, err)
	require.NotContains(t, string(argv), port, "every account of the machine sees the arguments")
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", e.PID()))
	require.NoError(t, err)
	require.Empty(t, env)
}

func TestTheLogHoldsNoValuesAndNoFileIsOpenToOthers(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	db := open(t, e.DSN())
	const phone = "13800138000"
	require.NoError(t, db.Conn().Exec(t.Context(), "CREATE TABLE people (phone String) ENGINE = MergeTree ORDER BY phone"))
	require.NoError(t, db.Conn().Exec(t.Context(), "INSERT INTO people VALUES ('"+phone+"')"))
	for _, wrong := range []string{"SELECT * FROM nowhere WHERE phone = '" + phone + "'", "SELECT toDate('" + phone + "x')",
		"SELECT throwIf(phone = '" + phone + "', '" + phone + "') FROM people",
		"SELECT * FROM people WHERE phone == = '" + phone + "'"} {
		require.Error(t, db.Conn().Exec(t.Context(), wrong))
	}
	require.NoError(t, e.Close())
	logs := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if path != dir && info.Mode()&os.ModeSymlink == 0 {
			require.Zero(t, info.Mode().Perm()&0o077, path)
		}
		if strings.HasPrefix(path, filepath.Join(dir, "log")+"/") {
			logs++
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotContains(t, string(b), phone)
		}
		return nil
	}))
	require.NotZero(t, logs)
}

func TestAServerThatDoesNotAnswerIsStartedAgain(t *testing.T) {
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{
		Dir: t.TempDir(), Command: command, Library: lib, Server: store.DefaultServerConfig(), DeafAfter: 4 * time.Second,
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	pid := e.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	require.Eventually(t, func() bool { return e.PID() != 0 && e.PID() != pid }, 30*time.Second, 50*time.Millisecond)
	db := open(t, e.DSN())
	require.Eventually(t, func() bool { return db.Ping(t.Context()) == nil }, 30*time.Second, 50*time.Millisecond)
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
}

// talk sends bytes and returns what comes back within a second.
func talk(t *testing.T, addr, sent string) string {
	d := net.Dialer{Timeout: 5 * time.Second}
	c, err := d.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = c.Close() }()
	_, _ = c.Write([]byte(sent))
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	b, _ := io.ReadAll(c)
	return string(b)
}

// text lays strings and numbers out as the native protocol does; all are below 128
// or take up to three bytes.
func text(parts ...any) (b []byte) {
	uvarint := func(n int) {
		for ; n >= 0x80; n >>= 7 {
			b = append(b, byte(n)|0x80)
		}
		b = append(b, byte(n))
	}
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			uvarint(p)
		case string:
			uvarint(len(p))
			b = append(b, p...)
		}
	}
	return b
}

func password(t *testing.T, dsn string) string {
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	p, _ := u.User.Password()
	return p
}

// An account of the machine that holds a thousand connections, and opens each anew that it
// is refused, keeps nobody from being answered and the engine from no watch.
func TestAnotherAccountKeepsNobodyWaiting(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another account")
	}
	e := start(t, t.TempDir())
	host := hostOf(t, e.DSN())
	held, end := make(chan int, 1), make(chan struct{})
	ended := make(chan string, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
			ended <- errno.Error()
			return
		}
		ended <- flood(host, held, end)
	}()
	select {
	case n := <-held:
		require.Equal(t, 1000, n)
	case why := <-ended:
		t.Fatal(why)
	}
	var slowest time.Duration
	for range 200 {
		began := time.Now()
		db := open(t, e.DSN())
		require.NoError(t, db.Ping(t.Context()))
		require.NoError(t, db.Close())
		slowest = max(slowest, time.Since(began))
	}
	close(end)
	require.Empty(t, <-ended)
	t.Logf("the slowest of 200 new connections took %s", slowest)
	require.Less(t, slowest, 5*time.Second)
	require.Zero(t, e.Restarts())
}

// flood holds a thousand connections on this thread until end, closing and opening them in
// turn; the addresses are those of the loopback.
func flood(host string, held chan<- int, end <-chan struct{}) string {
	a, err := net.ResolveTCPAddr("tcp", host)
	if err != nil {
		return err.Error()
	}
	to := &syscall.SockaddrInet4{Port: a.Port, Addr: [4]byte{127, 0, 0, 1}}
	var fds [1000]int
	for i := 0; ; i++ {
		at := i % len(fds)
		if i >= len(fds) {
			_ = syscall.Close(fds[at])
		}
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err == nil {
			err = syscall.Connect(fd, to)
		}
		if err != nil {
			return err.Error()
		}
		fds[at] = fd
		if i == len(fds)-1 {
			held <- len(fds)
		}
		select {
		case <-end:
			for _, fd := range fds {
				_ = syscall.Close(fd)
			}
			return ""
		default:
		}
	}
}
