package discretion

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"duban/queries"
)

// secretSubject is a case or a ticket that is secret.
type secretSubject struct {
	Kind   string `ch:"kind"`
	Source string `ch:"source"`
	Number string `ch:"number"`
}

var selectSecrets = queries.Select[secretSubject]("page/secret_subjects")

// secretsKept is how long the secret subjects are remembered: every answer to a reader who
// is not told of them asks.
const secretsKept = 5 * time.Second

// subjectRef names a case or a ticket.
type subjectRef struct{ kind, source, number string }

// secrets are the subjects whose numbers are kept from most readers.
type secrets struct {
	refs    map[subjectRef]bool
	numbers map[string]bool     // of any kind and source
	spelt   map[string][]string // those that are looked for within texts, by what all their spellings have in common
	lengths []int               // of these, in signs
}

func newSecrets(rows []secretSubject) *secrets {
	s := &secrets{refs: map[subjectRef]bool{}, numbers: map[string]bool{}, spelt: map[string][]string{}}
	for _, x := range rows {
		ref := subjectRef{x.Kind, x.Source, x.Number}
		s.refs[ref], s.numbers[ref.number] = true, true
		s.refs[subjectRef{ref.kind, "", ref.number}] = true
		s.refs[subjectRef{"", ref.source, ref.number}] = true
		if !telling(ref.number) {
			continue
		}
		x := spellingOf(ref.number)
		if s.spelt[x.key] = append(s.spelt[x.key], x.plain); x.n > 0 && !slices.Contains(s.lengths, x.n) {
			s.lengths = append(s.lengths, x.n)
		}
	}
	slices.SortFunc(s.lengths, func(a, b int) int { return cmp.Compare(b, a) })
	return s
}

// has reports whether a subject is secret; with an empty kind or source, any of that number.
func (s *secrets) has(kind, source, number string) bool {
	if kind == "" && source == "" {
		return s.numbers[number]
	}
	return s.refs[subjectRef{kind, source, number}]
}

// calledSecret finds a message that says of its subject that it is secret.
var calledSecret = regexp.MustCompile(`(?i)"secret"\s*:\s*"?(?:true|1)`)

// told reports whether a message of a source is about a secret subject: it says so itself,
// or names one.
func (s *secrets) told(raw string) bool {
	text := raw
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) == nil && !dec.More() {
		if s.names(v) {
			return true
		}
		if plain, err := json.Marshal(v); err == nil {
			text = string(plain) // without escapes
		}
	}
	return calledSecret.MatchString(text) || calledSecret.MatchString(raw) || s.hide(text, "") != text || s.hide(raw, "") != raw
}

// names reports whether a value within JSON is a secret number, of whatever length.
func (s *secrets) names(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			if s.names(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, s.names)
	case string:
		return s.numbers[v]
	case json.Number:
		return s.numbers[v.String()]
	}
	return false
}

// references are columns that name another subject, with its kind.
var references = map[string]string{"parent_case_no": "case", "repeat_of": "ticket"}

// keep takes out of an answer what is told of secret subjects: rows about one, unless the
// query itself decides who sees them, references to one, and their numbers in any text.
func (s *secrets) keep(res *queries.Result, decided bool) {
	if len(s.numbers) == 0 && !slices.ContainsFunc(res.Columns,
		func(c queries.Column) bool { return c.Name == "raw" || c.Name == "says_secret" }) {
		return
	}
	at := map[string]int{}
	for i, c := range res.Columns {
		at[c.Name] = i
	}
	res.Rows = slices.DeleteFunc(res.Rows, func(r []any) bool { return !s.row(res, at, r, decided) })
}

// row keeps one row, false when it is about a secret subject.
func (s *secrets) row(res *queries.Result, at map[string]int, r []any, decided bool) bool {
	text := func(names ...string) (string, bool) {
		for _, name := range names {
			if i, ok := at[name]; ok {
				v, _ := r[i].(string)
				return v, true
			}
		}
		return "", false
	}
	source, ok := text("subject_sys", "source_sys")
	if !ok {
		source, _ = res.Args["source"].(string)
	}
	kind, _ := text("subject_kind", "kind")
	number, ok := text("subject_no")
	if !ok {
		kind = "ticket"
		if number, ok = text("ticket_no"); !ok {
			kind = "case"
			number, ok = text("case_no")
		}
	}
	if ok && s.has(kind, source, number) && !decided {
		return false
	}
	_, isTicket := at["ticket_no"] // its case_no is another subject
	secretMessage := false
	if i, ok := at["says_secret"]; ok {
		secretMessage = r[i] == true || r[i] == uint8(1)
	}
	if raw, ok := text("raw"); ok && s.told(raw) {
		secretMessage = true
	}
	for i, c := range res.Columns {
		kind, refers := references[c.Name]
		if c.Name == "case_no" && isTicket {
			kind, refers = "case", true
		}
		switch {
		case secretMessage && slices.Contains([]string{"raw", "detail", "field"}, c.Name):
			r[i] = Masked
		case secretMessage && c.Name == "says_secret":
			r[i] = true
		case refers && s.has(kind, source, plainText(r[i])):
			r[i] = ""
		case refers || ok && plainText(r[i]) == number: // of that source, where it is open
		case c.Name == "target_id":
			r[i] = s.target(plainText(r[i]))
		case strings.HasSuffix(c.Name, "_code") || strings.HasSuffix(c.Name, "_sys") || strings.HasSuffix(c.Name, "_kind"):
		default:
			r[i] = s.cell(r[i], number)
		}
	}
	return true
}

func plainText(v any) string {
	text, _ := v.(string)
	return text
}

// target hides what a line of the audit trail is about: source/number, or the path of a page.
func (s *secrets) target(id string) string {
	plain, err := url.PathUnescape(id)
	if err != nil {
		plain = id
	}
	plain = strings.TrimPrefix(strings.TrimPrefix(plain, "/cases/"), "/tickets/")
	if source, number, ok := strings.Cut(plain, "/"); ok && s.has("", source, number) || s.hide(plain, "") != plain {
		return Masked
	}
	return id
}

// cell hides numbers in a value.
func (s *secrets) cell(v any, own string) any {
	switch v := v.(type) {
	case string:
		return s.hide(v, own)
	case []string:
		out := make([]string, len(v))
		for i, x := range v {
			out[i] = s.hide(x, own)
		}
		return out
	case map[string]string:
		out := make(map[string]string, len(v))
		for k, x := range v {
			out[k] = s.hide(x, own)
		}
		return out
	}
	return v
}

// secretKeeper remembers the secret subjects for a moment. It is safe for concurrent use.
type secretKeeper struct {
	read func(context.Context) ([]secretSubject, error)
	now  func() time.Time
	mu   sync.Mutex
	last *secrets
	at   time.Time
}

// known are the secret subjects, at most a moment old; who cannot be told of them is told
// nothing while they cannot be read.
func (k *secretKeeper) known(ctx context.Context) (*secrets, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); k.last != nil && now.Sub(k.at) < secretsKept && !now.Before(k.at) {
		return k.last, nil
	}
	rows, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	k.last, k.at = newSecrets(rows), k.now()
	return k.last, nil
}
