package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// isolate gives the child a network of its own, in which it and nobody else is. The
// socket for its clients is the parent's, and is all that connects it.
func isolate(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWNET
	if uid := os.Geteuid(); uid != 0 {
		// Who is not root may make a network only as root of a world of its own.
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
}

// notIsolated reports whether a start failed because the system lets us make no network.
func notIsolated(err error) bool {
	for _, e := range []error{syscall.EPERM, syscall.EACCES, syscall.EINVAL, syscall.ENOSPC, syscall.ENOSYS, syscall.EUSERS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// exitNotIsolated is the exit code of a child that got a network and may not use it.
const exitNotIsolated = 77

// ErrNotIsolated is returned by a child that may not use its network.
var ErrNotIsolated = errors.New("the system does not let the embedded ClickHouse have a network of its own")

// raiseLoopback switches the loopback interface of a new network on.
func raiseLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotIsolated, err)
	}
	defer func() { _ = unix.Close(fd) }()
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotIsolated, err)
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		return fmt.Errorf("%w: %w", ErrNotIsolated, err)
	}
	return nil
}

// dropCapabilities leaves a child of root nothing of root but its files, of which the
// confinement decides.
func dropCapabilities() {
	keep := map[uintptr]bool{unix.CAP_CHOWN: true, unix.CAP_DAC_OVERRIDE: true, unix.CAP_DAC_READ_SEARCH: true, unix.CAP_FOWNER: true}
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if !keep[c] {
			_ = unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0) // refused to who has none to drop
		}
	}
}
