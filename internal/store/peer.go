package store

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Sockets of the loopback belong to no folder whose mode could close them to other
// accounts of the machine. What the kernel does tell is whose a socket is.

// littleEndian is the order of bytes of this machine.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// tcpSocket is one line of /proc/self/net/tcp or tcp6.
type tcpSocket struct {
	local     string
	listening bool
	uid       int
}

// readSockets reads a list of the kernel: that of tcp or of tcp6.
func readSockets(r io.Reader) ([]tcpSocket, error) {
	var out []tcpSocket
	lines := bufio.NewScanner(r)
	lines.Scan() // the header
	for lines.Scan() {
		c := strings.Fields(lines.Text())
		if len(c) < 10 {
			continue
		}
		uid, err := strconv.Atoi(c[7])
		if err != nil {
			continue
		}
		out = append(out, tcpSocket{local: c[1], listening: c[3] == "0A", uid: uid})
	}
	return out, lines.Err()
}

// kernelAddress writes an address as the kernel does in these tables: each four bytes
// of the address in the order of the machine, the port in hexadecimal.
func kernelAddress(a *net.TCPAddr) (kind, text string) {
	kind, ip := "tcp", a.IP.To4()
	if ip == nil {
		kind, ip = "tcp6", a.IP.To16()
	}
	b := slices.Clone(ip)
	if littleEndian {
		for i := 0; i+4 <= len(b); i += 4 {
			slices.Reverse(b[i : i+4])
		}
	}
	return kind, strings.ToUpper(hex.EncodeToString(b)) + fmt.Sprintf(":%04X", a.Port)
}

// peers knows whose the clients are. The kernel is asked for the one socket at the other
// end of a connection: the answer costs the same however many sockets the machine has, so
// that an account which holds many keeps nobody waiting.
type peers struct {
	mu sync.Mutex
	// kernel is a socket for such questions, opened by a process that is in the network of
	// the clients.
	kernel *os.File
	uid    int
	asked  uint32
}

// openKernel opens a socket for questions about the network that this process is in.
func openKernel() (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("ask the kernel about sockets: %w", err)
	}
	return os.NewFile(uintptr(fd), "kernel"), nil
}

// answerTimeout bounds the wait for the kernel, which answers at once.
var answerTimeout = unix.Timeval{Sec: 2}

// allowed reports whether the other end of an accepted connection belongs to the account
// of the service or to root.
func (p *peers) allowed(c *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	uid, owned, err := socketOf(int(p.kernel.Fd()), p.asked, c.RemoteAddr().(*net.TCPAddr), c.LocalAddr().(*net.TCPAddr))
	return err == nil && owned && (uid == uint32(p.uid) || uid == 0) //nolint:gosec // an account
}

// Sizes and places of a question about one socket (struct inet_diag_req_v2 behind a
// struct nlmsghdr) and of its answer (struct inet_diag_msg).
const (
	diagByFamily   = 20 // SOCK_DIAG_BY_FAMILY
	questionLen    = unix.NLMSG_HDRLEN + 56
	answerLen      = unix.NLMSG_HDRLEN + 72
	answerUIDAt    = unix.NLMSG_HDRLEN + 64
	answerInodeAt  = unix.NLMSG_HDRLEN + 68
	netlinkErrorNo = unix.NLMSG_HDRLEN
)

// socketOf asks the kernel for the socket with two ends: whose it is, and whether a process
// holds it.
func socketOf(fd int, seq uint32, local, remote *net.TCPAddr) (uid uint32, owned bool, err error) {
	native := binary.NativeEndian
	q := make([]byte, questionLen)
	native.PutUint32(q, questionLen)
	native.PutUint16(q[4:], diagByFamily)
	native.PutUint16(q[6:], unix.NLM_F_REQUEST)
	native.PutUint32(q[8:], seq)
	ask := q[unix.NLMSG_HDRLEN:]
	ask[0], ask[1] = unix.AF_INET, unix.IPPROTO_TCP
	from, to := local.IP.To4(), remote.IP.To4()
	if from == nil || to == nil {
		ask[0], from, to = unix.AF_INET6, local.IP.To16(), remote.IP.To16()
	}
	native.PutUint32(ask[4:], 0xffffffff) // in whatever state
	binary.BigEndian.PutUint16(ask[8:], uint16(local.Port))
	binary.BigEndian.PutUint16(ask[10:], uint16(remote.Port))
	copy(ask[12:28], from)
	copy(ask[28:44], to)
	for i := 48; i < 56; i++ { // no cookie
		ask[i] = 0xff
	}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &answerTimeout); err != nil {
		return 0, false, fmt.Errorf("ask the kernel about a socket: %w", err)
	}
	if err := unix.Sendto(fd, q, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, false, fmt.Errorf("ask the kernel about a socket: %w", err)
	}
	var buf [8192]byte
	for {
		n, _, err := unix.Recvfrom(fd, buf[:], 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, false, fmt.Errorf("ask the kernel about a socket: %w", err)
		case n < unix.NLMSG_HDRLEN || native.Uint32(buf[8:]) != seq:
			continue // of a question before, whose answer was not waited for
		case native.Uint16(buf[4:]) == unix.NLMSG_ERROR && n >= netlinkErrorNo+4:
			return 0, false, fmt.Errorf("ask the kernel about a socket: %w", unix.Errno(-int32(native.Uint32(buf[netlinkErrorNo:]))))
		case native.Uint16(buf[4:]) != diagByFamily || n < answerLen:
			return 0, false, errors.New("ask the kernel about a socket: an answer of another kind")
		}
		return native.Uint32(buf[answerUIDAt:]), native.Uint32(buf[answerInodeAt:]) != 0, nil
	}
}

// ownListener reports whether a socket that listens on an address of this network was
// opened by the account of this process; another account could have taken the port.
func ownListener(address string) bool {
	a, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return false
	}
	kind, local := kernelAddress(a)
	f, err := os.Open("/proc/self/net/" + kind)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	list, err := readSockets(f)
	return err == nil && slices.ContainsFunc(list, func(s tcpSocket) bool { return s.local == local && s.listening && s.uid == os.Getuid() })
}
