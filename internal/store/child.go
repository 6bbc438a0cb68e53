package store

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"github.com/ebitengine/purego"
)

// childQuery makes the loaded engine listen and then blocks on standard
// input, so that the server lives exactly as long as its parent holds the
// pipe open. Native protocol only: a listener for HTTP would answer every web page
// that is open on the machine.
const childQuery = "SYSTEM START LISTEN TCP; " +
	"INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"

// Descriptors that the child gets from its parent.
const (
	// listenerFD is the socket on which the parent listens for clients. The parent keeps
	// it open over all lives of the child, so that no other account can take the port in
	// between and be told the passwords.
	listenerFD = 3
	// kernelFD is a socket for questions about the parent's network.
	kernelFD = 4
)

// RunChildArgs is the body of the hidden child command: it confines the process, loads
// the engine and serves until standard input closes. Its arguments are the file of
// settings and, once it is confined, the word for it.
func RunChildArgs(args []string) error {
	if len(args) == 0 || len(args) > 2 || len(args) == 2 && args[1] != confined {
		return errors.New("the ClickHouse child is started by duban up")
	}
	s, err := readChildSettings(args[0])
	if err != nil {
		return err
	}
	if len(args) == 1 {
		syscall.Umask(0o077)
		if s.Isolated {
			if err := raiseLoopback(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(exitNotIsolated)
			}
		}
		return enterConfinement(s)
	}
	return runChild(s)
}

func runChild(s childSettings) error {
	runtime.LockOSThread()
	if err := serveRelay(s); err != nil {
		return err
	}
	lib, err := purego.Dlopen(s.Library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load ClickHouse library %s: %w", s.Library, err)
	}
	var cmdline func(argc int32, argv **byte) uintptr
	purego.RegisterLibFunc(&cmdline, lib, "chdb_query_cmdline")
	argv, pin := cStrings([]string{
		"clickhouse",
		"--path=" + s.data(),
		"--listen_host=" + s.Host,
		fmt.Sprintf("--tcp_port=%d", s.Port),
		"-C", s.Config,
		"--query", childQuery,
	})
	result := cmdline(int32(len(argv)-1), &argv[0])
	runtime.KeepAlive(pin)
	if result == 0 {
		return errors.New("ClickHouse library returned no result: its log says why")
	}
	var resultError func(uintptr) string
	purego.RegisterLibFunc(&resultError, lib, "chdb_result_error")
	if msg := resultError(result); msg != "" {
		return fmt.Errorf("ClickHouse ended: %s", msg)
	}
	return nil
}

// serveRelay passes clients of the parent's socket on to the engine, until the process
// ends.
func serveRelay(s childSettings) error {
	f := os.NewFile(listenerFD, "clients")
	l, err := net.FileListener(f)
	if err != nil {
		return fmt.Errorf("socket for ClickHouse clients, which duban up opens: %w", err)
	}
	_ = f.Close() // FileListener has a descriptor of its own
	r := &relay{
		listener: l, target: net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), isolated: s.Isolated,
		door: door{users: s.Users, data: s.data()}, peers: &peers{kernel: os.NewFile(kernelFD, "kernel"), uid: s.UID},
	}
	go r.run()
	return nil
}

// cStrings lays out args as a NULL-terminated argv; pin keeps the bytes alive.
func cStrings(args []string) (argv []*byte, pin [][]byte) {
	for _, a := range args {
		b := append([]byte(a), 0)
		pin = append(pin, b)
		argv = append(argv, (*byte)(unsafe.Pointer(&b[0])))
	}
	return append(argv, nil), pin
}
