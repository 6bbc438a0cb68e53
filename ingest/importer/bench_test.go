package importer

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRun reads sample files without a broker behind; events/s is the
// rate of messages made.
func BenchmarkRun(b *testing.B) {
	rows := readSample(b, "boston-311-animals-2016.csv.gz")
	for _, c := range []struct{ name, file string }{
		{"csv", write(b, "boston-311-animals-2016.csv", asCSV(b, rows))},
		{"ndjson", write(b, "boston-311-animals-2016.ndjson", asNDJSON(b, rows))},
		{"parquet", write(b, "boston-311-animals-2016.parquet", asParquet(b, rows))},
		{"xes", filepath.Join(testdata, "samples", "bpic2012-loan-applications.xes.gz")},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := sampleMapping(b, c.file)
			var events int64
			b.ReportAllocs()
			for b.Loop() {
				sum, err := Run(context.Background(), []string{c.file}, m, &sink{drop: true}, Options{})
				require.NoError(b, err)
				events += sum.Events
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
