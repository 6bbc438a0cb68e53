package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confined is the argument of a child that is in its confinement.
const confined = "confined"

// ErrNoConfinement says that the kernel cannot keep the embedded engine to its folder.
var ErrNoConfinement = errors.New("the kernel offers no Landlock (Linux 5.13 or later, not switched off): " +
	"the embedded ClickHouse can read every file of the account it runs as")

// Confinement returns nil when the kernel can confine the embedded engine.
func Confinement() error {
	if landlockABI() < 1 {
		return ErrNoConfinement
	}
	return nil
}

// enterConfinement gives up every right to files but those that the engine needs, and
// to the network but the engine's own port, and starts the program anew inside: the
// confinement is one of threads, inherited by what they start, and a new program has
// no other threads. Neither the arguments nor the environment tell anything.
//
// It is what bounds the scalar function file(), which in the engine as a library reads
// any file for any user, the keys of the instance among them.
func enterConfinement(s childSettings) error {
	runtime.LockOSThread()
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // a core would hold the data
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("confine ClickHouse: give up privileges: %w", err)
	}
	dropCapabilities()
	if abi := landlockABI(); abi >= 1 {
		if err := landlock(abi, s); err != nil {
			return fmt.Errorf("confine ClickHouse: %w", err)
		}
	}
	args := append(append([]string{}, os.Args...), confined)
	return fmt.Errorf("start confined ClickHouse: %w", syscall.Exec("/proc/self/exe", args, []string{}))
}

// landlockABI is the version of Landlock that the kernel offers, 0 for none.
func landlockABI() int {
	n, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(n)
}

const (
	readFile  = unix.LANDLOCK_ACCESS_FS_READ_FILE
	readTree  = readFile | unix.LANDLOCK_ACCESS_FS_READ_DIR
	runTree   = readTree | unix.LANDLOCK_ACCESS_FS_EXECUTE
	device    = readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	writeTree = readTree | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SYM |
		unix.LANDLOCK_ACCESS_FS_REFER | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	ofFiles = readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// handledFiles are the rights to files that a version of Landlock knows.
func handledFiles(abi int) uint64 {
	all := uint64(1<<13 - 1)
	for _, since := range []struct {
		abi   int
		right uint64
	}{{2, unix.LANDLOCK_ACCESS_FS_REFER}, {3, unix.LANDLOCK_ACCESS_FS_TRUNCATE}, {5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV}} {
		if abi >= since.abi {
			all |= since.right
		}
	}
	return all
}

// needs are the paths that the engine needs and what it needs of them; one that does
// not exist is left out. Of /proc it sees itself and the figures of the machine, not
// other processes.
func needs(s childSettings) map[string]uint64 {
	n := map[string]uint64{
		s.data(): writeTree, filepath.Join(s.Dir, logFolder): writeTree,
		filepath.Dir(s.Config): readTree, filepath.Join(s.Dir, "user_files"): readTree,
		filepath.Dir(s.Library): runTree, "/proc/self/exe": runTree, "/proc/self": readTree,
	}
	for _, p := range []string{"/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib",
		"/nix/store", "/gnu/store"} {
		n[p] = runTree
	}
	for _, p := range []string{"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
		"/etc/timezone", "/usr/share/zoneinfo",
		"/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
		"/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/loadavg", "/proc/vmstat", "/proc/uptime", "/proc/version", "/proc/filesystems",
		"/proc/diskstats", "/proc/swaps", "/proc/pressure", "/proc/sys",
		"/sys/devices", "/sys/fs/cgroup", "/sys/block", "/sys/class/block", "/sys/kernel/mm/transparent_hugepage"} {
		n[p] = readTree
	}
	for _, p := range []string{"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"} {
		n[p] = device
	}
	return n
}

// landlock confines the calling thread.
func landlock(abi int, s childSettings) error {
	rules := unix.LandlockRulesetAttr{Handled_access_fs: handledFiles(abi)}
	if abi >= 4 {
		rules.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= 6 {
		rules.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), rulesetSize, 0)
	if errno != 0 {
		return fmt.Errorf("create Landlock rules: %w", errno)
	}
	defer func() { _ = unix.Close(int(fd)) }()
	for path, rights := range needs(s) {
		if err := allowPath(int(fd), path, rights&rules.Handled_access_fs); err != nil {
			return err
		}
	}
	if abi >= 4 {
		port := netPort{access: rules.Handled_access_net, port: uint64(s.Port)}
		if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, fd, ruleNetPort, uintptr(unsafe.Pointer(&port)), 0, 0, 0); errno != 0 {
			return fmt.Errorf("allow port %d: %w", s.Port, errno)
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("apply Landlock rules: %w", errno)
	}
	return nil
}

// rulesetSize is that of the three fields of the rules that are used; a kernel that
// knows fewer takes the rest as long as it is zero.
const rulesetSize = 24

// netPort is struct landlock_net_port_attr, and ruleNetPort the kind of its rule
// (linux/landlock.h).
type netPort struct{ access, port uint64 }

const ruleNetPort = 2

func allowPath(rules int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOTDIR) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = unix.Close(fd) }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= ofFiles
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&attr)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allow %s: %w", path, errno)
	}
	return nil
}
