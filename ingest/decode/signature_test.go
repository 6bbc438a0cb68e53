package decode

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// Whoever can write to the topic, only the product speaks for people.
func TestOnlySignedActionsAreTaken(t *testing.T) {
	key := []byte("the key of an instance")
	d, err := New(Config{TokenKey: []byte("a token key of the tests"), ActionKey: key})
	require.NoError(t, err)
	plain := anAction(`,"payload":{"comment":"x"}`)
	signed, err := SignAction(key, []byte(plain))
	require.NoError(t, err)
	other, err := SignAction([]byte("another key"), []byte(plain))
	require.NoError(t, err)

	var want, got event.Action
	require.Nil(t, newDecoder(t).Action(message(event.TopicActions, plain), &want))
	require.Nil(t, d.Action(message(event.TopicActions, string(signed)), &got))
	require.Equal(t, want, got, "the signature is no part of the fact")
	require.Nil(t, d.Action(message(event.TopicActions, string(signed)+"\n"), &got))

	for name, text := range map[string]string{
		"unsigned":                plain,
		"of another key":          string(other),
		"changed afterwards":      strings.Replace(string(signed), `"handler"`, `"supervisor"`, 1),
		"a digit changed":         string(signed[:len(signed)-3]) + "x" + `"}`,
		"signed not at the end":   strings.Replace(string(signed), `{`, `{"signature":"00",`, 1),
		"more behind":             strings.TrimSuffix(string(signed), "}") + `,"role":"supervisor"}`,
		"nothing but a signature": `{` + string(signed[len(signed)-80:]),
	} {
		rej := d.Action(message(event.TopicActions, text), &got)
		require.NotNil(t, rej, name)
		require.Equal(t, deadletter.UnsignedAction, rej.Reason, name)
		require.Equal(t, "/signature", rej.Field)
	}
	for _, text := range []string{"", "{}", "x", "[1]"} {
		_, err := SignAction(key, []byte(text))
		require.Error(t, err, text)
	}
}
