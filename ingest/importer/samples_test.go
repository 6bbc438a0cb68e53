package importer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"duban/ingest/event"
	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"

	"github.com/stretchr/testify/require"
)

const testdata = "../../testdata"

// sink keeps what was published.
type sink struct {
	values []string
	keys   []string
	bytes  int
	drop   bool
}

func (s *sink) Publish(_ context.Context, _ event.Topic, key, value []byte) error {
	s.bytes += len(value)
	if !s.drop {
		s.keys, s.values = append(s.keys, string(key)), append(s.values, string(value))
	}
	return nil
}

func (s *sink) Flush(context.Context) error { return nil }

// sampleMapping loads the mapping that belongs to a sample file.
func sampleMapping(t testing.TB, file string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Load(filepath.Join(testdata, "mappings", mapping.Stem(file)+".yaml"))
	require.NoError(t, err)
	return m
}

func TestEverySampleIsReadWithoutARefusal(t *testing.T) {
	files, err := filepath.Glob(testdata + "/samples/*")
	require.NoError(t, err)
	require.Len(t, files, 9)
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			s := &sink{}
			sum, err := Run(context.Background(), []string{f}, sampleMapping(t, f), s, Options{})
			require.NoError(t, err)
			require.Zero(t, sum.Refused, "%v", sum.Problems)
			for _, n := range sum.NoticesBy { // Boston closed some requests before they were opened, WABO ended cases before they began
				require.Equal(t, rows.ReasonReversed, n.Reason)
				require.Regexp(t, "boston|wabo", f)
			}
			require.Empty(t, sum.Files[0].UnusedColumns)
			require.Empty(t, sum.Files[0].UnseenColumns)
			if os.Getenv("IMPORT_SHOW") != "" {
				fmt.Println(sum.Files[0], sum.ByType, sum.Elapsed, s.bytes/len(s.values))
				for _, v := range s.values[:4] {
					fmt.Println(v)
				}
			}
		})
	}
}
