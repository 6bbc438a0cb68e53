package message

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
)

//go:embed templates/*
var templates embed.FS

// Message is a digest in every form that a channel may need.
type Message struct {
	Digest
	Subject string
	Text    string
	HTML    string
	// Markdown is of the kind that the robots of DingTalk, WeCom and Feishu
	// have in common: headings, bold, quotes, links.
	Markdown string
	// JSON is the digest for programs.
	JSON []byte
}

type parsed struct {
	html *htmltemplate.Template
	text *texttemplate.Template
}

var load = sync.OnceValues(func() (parsed, error) {
	funcs := map[string]any{"zh": zh, "en": en, "colour": colour, "local": local, "md": plain}
	html, err := htmltemplate.New("digest.html").Funcs(funcs).ParseFS(templates, "templates/digest.html")
	if err != nil {
		return parsed{}, err
	}
	text, err := texttemplate.New("digest.txt").Funcs(funcs).ParseFS(templates, "templates/digest.txt", "templates/digest.md")
	return parsed{html, text}, err
})

// Render writes a digest in every form.
func Render(d Digest) (Message, error) {
	t, err := load()
	if err != nil {
		return Message{}, fmt.Errorf("read templates of messages: %w", err)
	}
	m := Message{Digest: d, Subject: subject(d)}
	view := struct {
		Digest
		Subject string
	}{d, m.Subject}
	var html, text, md bytes.Buffer
	if err := t.html.Execute(&html, view); err != nil {
		return Message{}, fmt.Errorf("write message as HTML: %w", err)
	}
	if err := t.text.ExecuteTemplate(&text, "digest.txt", view); err != nil {
		return Message{}, fmt.Errorf("write message as text: %w", err)
	}
	if err := t.text.ExecuteTemplate(&md, "digest.md", view); err != nil {
		return Message{}, fmt.Errorf("write message as Markdown: %w", err)
	}
	m.HTML, m.Text, m.Markdown = html.String(), text.String(), strings.TrimSpace(md.String())
	if m.JSON, err = json.Marshal(d); err != nil {
		return Message{}, fmt.Errorf("write message as JSON: %w", err)
	}
	return m, nil
}

func subject(d Digest) string {
	var b strings.Builder
	if d.PossibleRepeat {
		b.WriteString("【可能重复 / possible repeat】")
	}
	if d.Test {
		b.WriteString("【督办】测试消息 / Duban test message")
		return b.String()
	}
	b.WriteString("【督办】")
	var zhParts, enParts []string
	for _, s := range d.Severities {
		zhParts = append(zhParts, fmt.Sprintf("%s %d", zh(s.Severity), s.N))
		enParts = append(enParts, fmt.Sprintf("%s %d", en(s.Severity), s.N))
	}
	work := d.Total
	for _, s := range d.Severities {
		work -= s.N
	}
	if work > 0 {
		zhParts = append(zhParts, fmt.Sprintf("工作单 %d", work))
		enParts = append(enParts, fmt.Sprintf("work item %d", work))
	}
	b.WriteString(strings.Join(zhParts, "，") + " / " + strings.Join(enParts, ", "))
	return b.String()
}

// Cut shortens Markdown to at most max bytes at the end of a line and says so.
func Cut(markdown string, limit int) string {
	if len(markdown) <= limit {
		return markdown
	}
	const mark = "\n\n…（内容过长，见链接 / shortened, see the link）"
	head := markdown[:max(0, limit-len(mark))]
	if i := strings.LastIndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	} else {
		head = strings.ToValidUTF8(head, "")
	}
	return head + mark
}

// plain keeps names and numbers from being read as Markdown.
func plain(s string) string {
	return strings.NewReplacer("[", "［", "]", "］", "(", "（", ")", "）", "*", "＊", "`", "'", "<", "＜", ">", "＞", "\n", " ", "\r", " ").Replace(s)
}
