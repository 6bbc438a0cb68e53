package data_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

// Of ten messages seven were stored, one came twice, one was refused, one waits. What was
// refused is shown without what is personal in it.
func TestWhatBecameOfMessages(t *testing.T) {
	s := sitetest.NewSite(t)
	s.Answers(t,
		sitetest.Row{Path: "/quality", Status: http.StatusOK, Holds: []string{"case-events"}},
		sitetest.Row{Path: "/quality?format=csv&table=identity", Status: http.StatusOK,
			Holds: []string{"topic,received,stored,duplicate,rejected,pending,lost,holds\ncase-events,10,7,1,1,1,0,true\n"}},
		sitetest.Row{Path: "/quality?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/quality/rejects", Status: http.StatusOK, Holds: []string{"/quality/rejects/case-events/0/7"}},
		sitetest.Row{Path: "/quality/rejects?topic=hotline-tickets", Status: http.StatusOK, Lacks: []string{"/quality/rejects/case-events"}},
		sitetest.Row{Path: "/quality/rejects?format=csv", Status: http.StatusOK, Holds: []string{"received_at,topic,partition,offset,reason,",
			",case-events,0,7,malformed_json,"}},
		sitetest.Row{Path: "/quality/rejects?page=first", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/quality/rejects/case-events/0/7", Status: http.StatusOK, Holds: []string{"malformed_json"},
			Lacks: []string{"13812345678", "张三"}},
		sitetest.Row{Path: "/quality/rejects/case-events/0/8", Status: http.StatusNotFound},
		sitetest.Row{Path: "/quality/rejects/case-events/zero/7", Status: http.StatusNotFound},
	)
}
