package desk

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// A form whose fields hold nothing that can be seen brings nothing: the machine then says
// which of them it needs.
func TestFieldsThatSayNothingToTheEyeAreNotGiven(t *testing.T) {
	blank := "\u200b\u3000\ufeff\u2060"
	require.Equal(t, map[string]any{"cause": "停电"}, formPayload("alert", "feedback", url.Values{"cause": {"\u3000停电 "}, "fix": {blank}}))
	require.Equal(t, []string{"file-1"}, fieldLines(blank+"\n file-1\n\u200b\n"))
	f := newForm{Kind: "order"}
	f.typed(url.Values{"title": {blank}, "demand": {blank}, "org_code": {blank}, "co_orgs": {blank, " X "}})
	require.Equal(t, newTyped{CoOrgs: []string{"X"}}, f.Typed)
	d, err := outageCommand(url.Values{"action": {"declare"}, "scope": {"source"}, "code": {blank}, "reason": {blank},
		"evidence": {blank + "\n"}})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"scope": "source"}, d.Payload)
}
