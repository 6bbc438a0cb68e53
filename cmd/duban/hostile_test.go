package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"duban/internal/broker/brokertest"
)

// hostileFile is a file of testdata/hostile, or what was made of one.
type hostileFile struct {
	name string
	data []byte
}

// originals reads the hostile files and two small logs that are well formed.
func originals(t *testing.T) []hostileFile {
	t.Helper()
	var out []hostileFile
	paths, err := filepath.Glob("../../testdata/hostile/*/*")
	require.NoError(t, err)
	require.Len(t, paths, 48)
	for _, p := range append(paths, "../../testdata/samples/running-example.csv") {
		b, err := os.ReadFile(p)
		require.NoError(t, err)
		out = append(out, hostileFile{filepath.Base(p), b})
	}
	log := `<?xml version="1.0"?><log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="a"/><date ` +
		`key="time:timestamp" value="2020-01-01T00:00:00Z"/></event></trace></log>`
	return append(out, hostileFile{"log.xes", []byte(log)}, hostileFile{"rows.ndjson", []byte("{\"id\":1,\"name\":\"a\"}\n{\"id\":2," +
		"\"name\":\"b\"}\n")})
}

// mutations makes further files of the originals, the same ones every time: cut
// off, bytes changed, a stretch of another file put in, in another encoding or
// compression, under another name.
func mutations(files []hostileFile) []hostileFile {
	rnd := rand.New(rand.NewPCG(20261129, 0))
	var out []hostileFile
	add := func(kind string, f hostileFile, ext string, b []byte) {
		out = append(out, hostileFile{fmt.Sprintf("%s-%s%s", kind, f.name, ext), b})
	}
	for i, f := range files {
		n := len(f.data)
		if n == 0 {
			continue
		}
		add("cut", f, "", f.data[:1+rnd.IntN(n)])
		add("cutend", f, "", f.data[:n-min(n-1, 1+rnd.IntN(12))])
		for k := range 2 {
			b := bytes.Clone(f.data)
			for range 1 + n/200 {
				b[rnd.IntN(n)] ^= byte(1 << rnd.IntN(8))
			}
			add(fmt.Sprintf("flip%d", k), f, "", b)
		}
		other := files[(i+7)%len(files)].data
		at, from := rnd.IntN(n+1), 0
		if len(other) > 0 {
			from = rnd.IntN(len(other))
		}
		add("splice", f, "", bytes.Join([][]byte{f.data[:at], other[from:min(len(other), from+4096)], f.data[at:]}, nil))
		switch i % 6 {
		case 0:
			u, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(bytes.ToValidUTF8(f.data, []byte("?")))
			add("utf16", f, "", u)
		case 1:
			u, _ := simplifiedchinese.GB18030.NewEncoder().Bytes(bytes.ToValidUTF8(f.data, []byte("市")))
			add("gb18030", f, "", u)
		case 2:
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			_, _ = w.Write(f.data)
			_ = w.Close()
			add("gzip", f, ".bin", append(z.Bytes(), make([]byte, 512)...))
			add("gzipcut", f, ".gz", z.Bytes()[:z.Len()*2/3])
		case 3:
			w, _ := zstd.NewWriter(nil)
			add("zstd", f, "", w.EncodeAll(f.data, nil)[:])
		case 4:
			add("cr", f, "", bytes.ReplaceAll(f.data, []byte("\n"), []byte("\r")))
		case 5:
			add("mark", f, "", append([]byte("\xef\xbb\xbfsep=;\n"), f.data...))
		}
		add("renamed", f, []string{".xes", ".parquet", ".ndjson", ".csv.gz", ".json", ".txt"}[i%6], f.data)
	}
	return out
}

// anyMapping reads every table; namedMapping wants two columns.
const anyMapping = `version: 1
topic: case-events
source: hostile
rest: keep
subject: {const: "1"}
events: [{type: activity, at: {const: "2020-01-01T00:00:00Z"}}]
`

const namedMapping = `version: 1
topic: case-events
source: hostile
subject: id
time: {formats: [iso8601, date], zone: Asia/Shanghai}
events: [{type: activity, at: {const: "2020-01-01T00:00:00Z"}, fields: {activity: name, org_code: name}}]
`

// No input makes the program panic, end well with nothing read, or say more than
// two kilobytes at once.
func TestHostileFilesNeitherEndTheProgramNorPassForRead(t *testing.T) {
	files := originals(t)
	made := mutations(files)
	require.GreaterOrEqual(t, len(made), 200)
	if testing.Short() {
		var some []hostileFile
		for i := 0; i < len(made); i += 8 {
			some = append(some, made[i])
		}
		made = some
	}
	dir, kafka := t.TempDir(), brokertest.New(t)
	write := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(p, b, 0o600))
		return p
	}
	loose, strict := write("any.yaml", []byte(anyMapping)), write("named.yaml", []byte(namedMapping))
	codes := map[int]int{}
	for _, f := range append(files, made...) {
		p := write(f.name, f.data)
		for _, args := range [][]string{
			{"--mapping", loose, "--check"}, {"--mapping", strict, "--check"},
			{"--mapping", loose, "--format", "json", "--kafka", kafka, "--data", dir},
		} {
			code, out, text := told(t, append([]string{"load", p}, args...)...)
			what := fmt.Sprintf("%s %v: code %d\n%s\n%s", f.name, args, code, shortened(out), shortened(text))
			codes[code]++
			require.Contains(t, []int{0, exitFailed, exitProblems}, code, what)
			require.NotContains(t, text, "goroutine", what)
			if code == exitFailed {
				require.NotEmpty(t, text, what)
			}
			for _, line := range append(strings.Split(out, "\n"), strings.Split(text, "\n")...) {
				require.LessOrEqual(t, len(line), 2048, what)
			}
			if args[2] == "--check" {
				if code == 0 {
					require.NotContains(t, out, " 0 records", what)
				}
				continue
			}
			var sum struct{ Records, Events, Refused, Skipped int64 }
			if code != exitFailed {
				require.NoError(t, json.Unmarshal([]byte(out), &sum), what)
			}
			switch code {
			case 0:
				require.Positive(t, sum.Events, what)
				require.Equal(t, sum.Records, sum.Events, what)
			case exitProblems:
				require.Positive(t, sum.Refused, what)
			}
		}
		require.NoError(t, os.Remove(p))
	}
	t.Logf("%d files, exit codes %v", len(files)+len(made), codes)
	require.Positive(t, codes[0])
	require.Positive(t, codes[exitFailed])
	require.Positive(t, codes[exitProblems])
}

func shortened(s string) string { return s[:min(len(s), 600)] }
