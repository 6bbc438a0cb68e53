package intake

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"duban/ingest/event"
)

// Token is a bearer token that may post.
type Token struct {
	Value string
	// Sources are the source systems that it may speak for, Topics those that it may
	// post to; empty = any.
	Sources []string
	Topics  []event.Topic
}

// ParseTokens reads the tokens of a file: one a line, with its limits behind it:
//
//	TOKEN sources=hall,kiosk topics=case-events,satisfaction-ratings
//
// Empty lines and those that begin with # say nothing. An error names the line and shows
// no token.
func ParseTokens(text string) ([]Token, error) {
	var out []Token
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		t := Token{Value: words[0]}
		for _, w := range words[1:] {
			name, list, _ := strings.Cut(w, "=")
			values := slices.DeleteFunc(strings.Split(list, ","), func(v string) bool { return v == "" })
			switch {
			case name == "sources" && len(values) > 0:
				t.Sources = values
			case name == "topics" && len(values) > 0:
				for _, v := range values {
					if !slices.Contains(topicNames(), v) {
						return nil, fmt.Errorf("line %d of the intake tokens: %q is no topic that can be posted to; want some of %s", n, v,
							strings.Join(topicNames(), ", "))
					}
					t.Topics = append(t.Topics, event.Topic(v))
				}
			default:
				return nil, fmt.Errorf("line %d of the intake tokens: behind a token stand sources=… and topics=… with at least one value each, and "+
					"nothing else", n)
			}
		}
		if slices.ContainsFunc(out, func(o Token) bool { return o.Value == t.Value }) {
			return nil, fmt.Errorf("line %d of the intake tokens: the token stands in an earlier line too; write all of its limits in one", n)
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, errors.New("the intake tokens: no line holds one; write TOKEN, and its limits behind it")
	}
	return out, nil
}

// may reports whether the token may post to a topic.
func (t *Token) may(topic event.Topic) bool {
	return len(t.Topics) == 0 || slices.Contains(t.Topics, topic)
}

// limited reports whether the token may speak for some sources only.
func (t *Token) limited() bool { return len(t.Sources) > 0 }

// speaksFor reports whether the token may post facts of a source system.
func (t *Token) speaksFor(source string) bool {
	return len(t.Sources) == 0 || slices.Contains(t.Sources, source)
}

// known is a token with its hash.
type known struct {
	Token
	sum [sha256.Size]byte
}

// token finds the token of a request, nil without; it compares in a time that tells
// nothing of the tokens.
func (h *Handler) token(header string) *Token {
	value, ok := strings.CutPrefix(header, "Bearer ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(value)))
	var found *Token
	for i := range h.tokens {
		if subtle.ConstantTimeCompare(sum[:], h.tokens[i].sum[:]) == 1 && ok {
			found = &h.tokens[i].Token
		}
	}
	return found
}
