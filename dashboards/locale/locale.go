// Package locale holds every text of the pages in Chinese and English and
// writes numbers, rates and times the way a reader of that language expects.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages/*.yaml
var files embed.FS

// The languages, the first one being the default.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Bundle holds the texts of all languages.
type Bundle struct {
	printers map[string]*Printer
}

// Load reads the embedded message files. It refuses a language that lacks a
// message which another one has.
func Load() (*Bundle, error) {
	bundle := i18n.NewBundle(language.MustParse(Chinese))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	names, err := fs.Glob(files, "messages/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list message files: %w", err)
	}
	ids := map[string]map[string]bool{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read messages %s: %w", name, err)
		}
		mf, err := bundle.ParseMessageFileBytes(text, path.Base(name))
		if err != nil {
			return nil, fmt.Errorf("parse messages %s: %w", name, err)
		}
		set := map[string]bool{}
		for _, m := range mf.Messages {
			set[m.ID] = true
		}
		ids[mf.Tag.String()] = set
	}
	if err := sameIDs(ids); err != nil {
		return nil, err
	}
	b := &Bundle{printers: map[string]*Printer{}}
	standard := standardNames(ids[Chinese], i18n.NewLocalizer(bundle, Chinese))
	for _, lang := range []string{Chinese, English} {
		b.printers[lang] = &Printer{lang: lang, known: ids[lang], localizer: i18n.NewLocalizer(bundle, lang),
			plain: &sync.Map{}, standard: standard}
	}
	return b, nil
}

func sameIDs(ids map[string]map[string]bool) error {
	zh, en := ids[Chinese], ids[English]
	var problems []string
	for id := range zh {
		if !en[id] {
			problems = append(problems, "en lacks "+id)
		}
	}
	for id := range en {
		if !zh[id] {
			problems = append(problems, "zh-CN lacks "+id)
		}
	}
	if len(problems) > 0 {
		return fmt.Errorf("message files differ: %s", strings.Join(problems, ", "))
	}
	return nil
}

// Languages lists the languages with their own names.
func Languages() [][2]string { return [][2]string{{Chinese, "中文"}, {English, "English"}} }

// Printer returns the printer of a language; an unknown one gives the default.
func (b *Bundle) Printer(lang string) *Printer {
	if p, ok := b.printers[lang]; ok {
		return p
	}
	return b.printers[Chinese]
}

// Choose picks the language of a request: what the address asks for, else the
// cookie, else the browser's own wish, else Chinese.
func (b *Bundle) Choose(query, cookie, accept string) string {
	for _, wish := range []string{query, cookie} {
		if _, ok := b.printers[wish]; ok {
			return wish
		}
		if strings.HasPrefix(wish, "zh") {
			return Chinese
		}
	}
	if accept == "" {
		return Chinese
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Chinese
	}
	// Any kind of Chinese is served by ours, any kind of English by ours; the
	// tags come in the order of the reader's wish.
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return Chinese
		case "en":
			return English
		}
	}
	return Chinese
}

// Printer writes texts and values in one language. It is safe for concurrent
// use.
type Printer struct {
	lang      string
	known     map[string]bool
	localizer *i18n.Localizer
	plain     *sync.Map
	// standard are the ids of the texts of enumerations by their Chinese text.
	standard map[string]map[string]string
}

// standardNames are, for each enumeration, the ids of its values by their Chinese
// names. Of two values with one name the first in the order of ids stands.
func standardNames(ids map[string]bool, zh *i18n.Localizer) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		enum, _, ok := strings.Cut(id, ".")
		text, err := zh.Localize(&i18n.LocalizeConfig{MessageID: id})
		if !ok || err != nil {
			continue
		}
		if out[enum] == nil {
			out[enum] = map[string]string{}
		}
		if out[enum][text] == "" {
			out[enum][text] = id
		}
	}
	return out
}

// Standard gives what a source named in Chinese in the reader's language, where the
// name is that of a value of the enumeration; any other name stays as it is.
func (p *Printer) Standard(enum, name string) string {
	if id := p.standard[enum][name]; id != "" {
		return p.T(id)
	}
	return name
}

// Lang is the language tag, as for the lang attribute.
func (p *Printer) Lang() string { return p.lang }

// T gives the text of a message; pairs are the names and values that its
// template uses. An unknown message shows its own id in brackets, so that the
// fault is seen and the page still stands.
func (p *Printer) T(id string, pairs ...any) string {
	if len(pairs) == 0 {
		if text, ok := p.plain.Load(id); ok {
			return text.(string)
		}
	}
	data := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
	if err != nil {
		return "[" + id + "]"
	}
	if len(pairs) == 0 {
		p.plain.Store(id, text)
	}
	return text
}

// Enum gives the text of one value of an enumeration, or the value itself
// when the enumeration does not know it (a source may send its own words).
func (p *Printer) Enum(enum, value string) string {
	id := enum + "." + value
	if value == "" || !p.known[id] {
		return value
	}
	return p.T(id)
}

// Pick returns the text of the printer's language out of two, the Chinese one
// when the English one is empty.
func (p *Printer) Pick(zh, en string) string {
	if p.lang == English && en != "" {
		return en
	}
	return zh
}
