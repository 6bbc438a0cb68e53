package importer

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"duban/ingest/importer/mapping"

	"github.com/stretchr/testify/require"
)

// The worked examples of the mapping guide do what the guide says: file,
// mapping and messages stand one after the other.
func TestTheGuidesExamplesDoWhatTheySay(t *testing.T) {
	b, err := os.ReadFile("../../docs/mapping.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?ms)^```(\\w+)(?: file=(\\S+))?\n(.*?)^```$").FindAllStringSubmatch(string(b), -1)
	n := 0
	for i, bl := range blocks {
		if bl[2] == "" {
			continue
		}
		n++
		t.Run(bl[2], func(t *testing.T) {
			require.Equal(t, "yaml", blocks[i+1][1])
			require.Equal(t, "json", blocks[i+2][1])
			s := &sink{}
			sum, err := Run(context.Background(), []string{write(t, bl[2], []byte(bl[3]))}, parse(t, blocks[i+1][3]), s, Options{})
			require.NoError(t, err)
			require.Empty(t, sum.Problems)
			head := regexp.MustCompile(`^\{"event_id":"[0-9a-f]{32}",("seq":-?\d+,)?`)
			var got []string
			for _, v := range s.values {
				got = append(got, head.ReplaceAllString(v, "{"))
			}
			require.Equal(t, strings.TrimSpace(blocks[i+2][3]), strings.Join(got, "\n"))
		})
	}
	require.Equal(t, 3, n)
}

// Every reason, key and field that the product knows is in the guide.
func TestTheGuideIsComplete(t *testing.T) {
	b, err := os.ReadFile("../../docs/mapping.md")
	require.NoError(t, err)
	src, err := os.ReadFile("rows/problem.go")
	require.NoError(t, err)
	var words []string
	for _, m := range regexp.MustCompile(`Reason = "(\w+)"`).FindAllStringSubmatch(string(src), -1) {
		words = append(words, m[1])
	}
	require.Greater(t, len(words), 15)
	for _, topic := range mapping.Topics() {
		target := mapping.TargetOf(topic)
		words = append(words, string(topic))
		words = append(words, target.FieldNames()...)
		words = append(words, target.Types...)
	}
	for _, w := range append(words, mapping.TopKeys()...) {
		require.Contains(t, string(b), "`"+w+"`", "%s is not explained", w)
	}
}
