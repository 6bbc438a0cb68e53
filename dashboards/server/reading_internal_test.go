package server

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// The trail says of a look what became of it: what is not there for somebody is refused, as what he may not see is, so that the
// trail of who tried tells no more than the page did.
func TestTheTrailSaysWhatBecameOfALook(t *testing.T) {
	for status, want := range map[int]string{
		0: access.Done, http.StatusOK: access.Done, http.StatusForbidden: access.Denied, http.StatusNotFound: access.Denied,
		http.StatusBadRequest: access.Invalid, http.StatusInternalServerError: access.Attempted, http.StatusSeeOther: access.Attempted,
	} {
		require.Equal(t, want, outcomeOf(status), status)
	}
}
