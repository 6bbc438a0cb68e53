package data_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
)

// What is always the same sentence stands in the reader's language, also in the list.
func TestARewriteIsToldInTheReadersLanguage(t *testing.T) {
	db := storetest.New(t)
	batch, err := db.Conn().PrepareBatch(t.Context(),
		"INSERT INTO ingest_rejects (topic, partition, offset, reason, field, detail, source_sys, key, raw, received_at, stored_at)")
	require.NoError(t, err)
	require.NoError(t, batch.Append("case-events", uint32(0), uint64(9), "conflicting_rewrite", "", "another message arrived first",
		"hall", "k", "{}", sitetest.Now(), sitetest.Now()))
	require.NoError(t, batch.Send())
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	for _, path := range []string{"/quality/rejects", "/quality/rejects/case-events/0/9"} {
		_, body, _ := s.Get(path + "?lang=zh-CN")
		require.Contains(t, body, "以先到者为准", path)
		require.NotContains(t, body, "another message arrived first", path)
	}
}
