package store

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Sockets of the loopback belong to no folder whose mode could close them to other
// accounts of the machine. What the kernel does tell is whose a socket is.

// littleEndian is the order of bytes of this machine.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// tcpSocket is one line of /proc/self/net/tcp or tcp6.
type tcpSocket struct {
	local, remote string
	listening     bool
	uid           int
	owned         bool // false for one that no process holds any more
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
		out = append(out, tcpSocket{local: c[1], remote: c[2], listening: c[3] == "0A", uid: uid, owned: c[9] != "0"})
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

// peers knows whose the clients are.
type peers struct {
	mu sync.Mutex
	// table is the list of the network in which the clients are, opened by a process
	// that is in it.
	table *os.File
	uid   int
}

// openSockets opens the list of the network that this process is in.
func openSockets() (*os.File, error) {
	f, err := os.Open("/proc/self/net/tcp")
	if err != nil {
		return nil, fmt.Errorf("open the kernel's list of sockets: %w", err)
	}
	return f, nil
}

// allowed reports whether the other end of an accepted connection belongs to the account
// of the service or to root.
func (p *peers) allowed(c *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.table.Seek(0, io.SeekStart); err != nil {
		return false
	}
	list, err := readSockets(p.table)
	if err != nil {
		return false
	}
	_, peer := kernelAddress(c.RemoteAddr().(*net.TCPAddr))
	_, own := kernelAddress(c.LocalAddr().(*net.TCPAddr))
	return slices.ContainsFunc(list, func(s tcpSocket) bool {
		return s.local == peer && s.remote == own && s.owned && (s.uid == p.uid || s.uid == 0)
	})
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
