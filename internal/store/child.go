package store

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"unsafe"

	"github.com/ebitengine/purego"
)

// childQuery makes the loaded engine listen and then blocks on standard
// input, so that the server lives exactly as long as its parent holds the
// pipe open.
const childQuery = "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; " +
	"INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"

// RunChild loads the engine library at libPath and serves until standard
// input closes. It is the body of the hidden child command and does not
// return while the engine runs. Clients reach the engine through relays on the
// ports given; its own ports are whatever is free.
func RunChild(libPath, configPath, dataDir string, tcpPort, httpPort int) error {
	runtime.LockOSThread()
	inner, err := relayPorts(tcpPort, httpPort)
	if err != nil {
		return err
	}
	lib, err := purego.Dlopen(libPath, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load ClickHouse library %s: %w", libPath, err)
	}
	var cmdline func(argc int32, argv **byte) uintptr
	purego.RegisterLibFunc(&cmdline, lib, "chdb_query_cmdline")
	argv, pin := cStrings([]string{
		"clickhouse",
		"--path=" + dataDir,
		"--listen_host=127.0.0.1",
		fmt.Sprintf("--tcp_port=%d", inner[0]),
		fmt.Sprintf("--http_port=%d", inner[1]),
		"-C", configPath,
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

// relayPorts starts the relays of both ports and returns where the engine has to
// listen.
func relayPorts(outer ...int) (inner [2]int, err error) {
	if inner, err = freePorts(); err != nil {
		return inner, err
	}
	for i, port := range outer {
		r, err := newRelay(port, inner[i])
		if err != nil {
			return inner, err
		}
		go r.run() // until the process ends
	}
	return inner, nil
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

// RunChildArgs is RunChild with its arguments as the supervisor passes them:
// library, configuration, data folder, TCP port, HTTP port.
func RunChildArgs(args []string) error {
	if len(args) != 5 {
		return fmt.Errorf("the ClickHouse child takes 5 arguments, not %d: it is started by duban up", len(args))
	}
	tcp, err := strconv.Atoi(args[3])
	if err != nil {
		return fmt.Errorf("TCP port: %w", err)
	}
	http, err := strconv.Atoi(args[4])
	if err != nil {
		return fmt.Errorf("HTTP port: %w", err)
	}
	return RunChild(args[0], args[1], args[2], tcp, http)
}
