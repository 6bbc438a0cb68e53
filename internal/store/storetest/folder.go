package storetest

import (
	"fmt"
	"io"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// memory is a file system in memory, and room what has to be free there: the databases of
// tests are small, and several test processes run side by side.
const (
	memory = "/dev/shm"
	room   = 6 << 30
)

// quickest is where the engine of the tests keeps its data: in memory where there is much
// of it. Each database is some fifty tables in a thousand files that live for seconds, and
// making those was half of what the engine did on a disk. No test here is about the disk:
// those in internal/e2e have folders of their own.
func quickest() string {
	var fs unix.Statfs_t
	if os.Getenv("TMPDIR") != "" || unix.Statfs(memory, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < room {
		return os.TempDir()
	}
	return memory
}

// removedAfterUs has a folder removed when this process ends, however it does. A process
// beside it waits for the end of its input, which is what is returned and has to be kept;
// the engine ends by the same sign and may still write.
func removedAfterUs(dir string) (io.Closer, error) {
	const wait = `cat; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; rm -rf "$1" 2>/dev/null && sleep 1; [ -e "$1" ] || exit 0; done`
	cmd := exec.Command("sh", "-c", wait, "sh", dir)
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("watch over %s: %w", dir, err)
	}
	return input, nil
}
