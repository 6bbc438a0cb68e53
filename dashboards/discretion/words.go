package discretion

import (
	"slices"
	"strings"

	"duban/queries"
)

// ownWords are columns with the words of sources, by which figures and processes are
// grouped: nobody checked that they name no person.
var ownWords = []string{"activity", "activities", "from", "to", "topic", "ticket_topic"}

// MaskWords hides what is personal in the words of sources by which an answer is grouped:
// topics, activities, and attributes (a column attribute:NAME), those by their name too.
func MaskWords(res *queries.Result) {
	for i, c := range res.Columns {
		_, name, named := strings.Cut(c.Name, ":")
		if !named && !slices.Contains(ownWords, c.Name) {
			continue
		}
		mask := MaskText
		if named {
			mask = func(s string) string { return MaskField(name, s) }
		}
		for _, row := range res.Rows {
			switch v := row[i].(type) {
			case string:
				row[i] = mask(v)
			case []string:
				out := make([]string, len(v))
				for j, s := range v {
					out[j] = mask(s)
				}
				row[i] = out
			}
		}
	}
}
