package event

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Everything about one subject goes to one partition, whoever sends it: the key of a fact is
// that of its subject (docs/mapping.md, message keys).
func TestAFactIsFiledUnderItsSubject(t *testing.T) {
	for name, c := range map[string]struct {
		fact                       Fact
		kind, source, subject, key string
	}{
		"case":   {&Case{SourceSys: "hall", CaseNo: "7"}, "case", "hall", "7", "hall\x1f7"},
		"ticket": {&Ticket{SourceSys: "12345", TicketNo: "G-1", CaseNo: "7"}, "ticket", "12345", "G-1", "12345\x1fG-1"},
		// A rating belongs to what is rated, in the system of that.
		"rating of a case":    {&Rating{SourceSys: "app", RatingID: "r", CaseNo: "7"}, "case", "app", "7", "app\x1f7"},
		"of another system":   {&Rating{SourceSys: "app", RatingID: "r", SubjectSys: "hall", CaseNo: "7"}, "case", "hall", "7", "hall\x1f7"},
		"rating of a ticket":  {&Rating{SourceSys: "12345", RatingID: "r", TicketNo: "G-1"}, "ticket", "12345", "G-1", "12345\x1fG-1"},
		"item":                {&Item{SourceSys: "items", TaskCode: "T1", TaskVersion: "2"}, "item", "items", "T1", "items\x1fT1"},
		"organisation":        {&Organisation{SourceSys: "dir", OrgCode: "O"}, "org", "dir", "O", "dir\x1fO"},
		"measurement":         {&Measurement{SourceSys: "c", Name: "calls", OrgCode: "O"}, "measurement", "c", "calls", "c\x1fcalls"},
		"action on an alert":  {&Action{SourceSys: "duban", SubjectKind: "alert", SubjectID: "a1"}, "alert", "duban", "a1", "alert\x1fa1"},
		"of another instance": {&Action{SourceSys: "duban-2", SubjectKind: "alert", SubjectID: "a1"}, "alert", "duban-2", "a1", "alert\x1fa1"},
	} {
		f := c.fact.Filing()
		require.Equal(t, []string{c.kind, c.source, c.subject, c.key}, []string{f.Kind, f.Source, f.Subject, f.Key()}, name)
		require.NotNil(t, f.Origin, name)
	}
	require.NotEqual(t, PartitionKey("a", "bc"), PartitionKey("ab", "c"))
}

// The words of a message are each there once; a type that stands twice would have two ranks.
func TestTheWordsOfAMessageAreEachThereOnce(t *testing.T) {
	for name, words := range map[string][]string{
		"case types": texts(CaseTypes()), "ticket types": texts(TicketTypes()), "channels": Channels(), "ticket channels": TicketChannels(),
		"ticket kinds": TicketKinds(), "rating channels": RatingChannels(), "subject kinds": SubjectKinds(), "roles": Roles(),
		"topics": texts(Topics()),
	} {
		seen := map[string]bool{}
		for _, w := range words {
			require.Regexp(t, `^[a-z0-9_-]+$`, w, name)
			require.False(t, seen[w], "%s: %s", name, w)
			seen[w] = true
		}
		require.GreaterOrEqual(t, len(words), 4, name)
	}
	// Void and amend correct facts and stand in both lists (domain guide 2.2).
	require.Subset(t, texts(CaseTypes()), []string{"apply", "accept", "finish", "void", "amend"})
	require.Subset(t, texts(TicketTypes()), []string{"t_receive", "t_reply", "t_close", "t_void", "t_amend"})
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, x := range in {
		out[i] = string(x)
	}
	return out
}
