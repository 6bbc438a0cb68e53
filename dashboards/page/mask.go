package page

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// personalKeys are the names of fields that hold personal data (domain guide
// 8.3). Facts hold tokens in their place; what was rejected may hold anything.
func personalKeys() []string {
	return []string{
		"applicant_name", "applicant_id", "applicant_phone", "contact_name", "contact_phone",
		"caller_name", "caller_number", "address", "email", "content", "comment", "opinion", "bank_account",
	}
}

const masked = "***"

var (
	idNumber = regexp.MustCompile(`\b[1-9]\d{16}[\dXx]\b`)
	phone    = regexp.MustCompile(`\b1[3-9]\d{9}\b`)
	landline = regexp.MustCompile(`\b0\d{2,3}-?\d{7,8}\b`)
	mail     = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	// namedText finds the text value of a personal key in bytes that need not
	// be well-formed JSON; the closing quote may be missing.
	namedText = regexp.MustCompile(`(?i)("(?:` + strings.Join(personalKeys(), "|") + `)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,}\]\s]+)`)
)

// maskText hides identity numbers, telephone numbers and mail addresses:
// first 3 and last 4 characters stay.
func maskText(s string) string {
	keep := func(m string) string { return m[:3] + strings.Repeat("*", len(m)-7) + m[len(m)-4:] }
	s = idNumber.ReplaceAllStringFunc(s, keep)
	s = phone.ReplaceAllStringFunc(s, keep)
	s = landline.ReplaceAllStringFunc(s, keep)
	return mail.ReplaceAllStringFunc(s, func(m string) string { return m[:1] + "***@" })
}

// maskRaw makes bytes of unknown shape fit to be shown: a JSON object is
// printed in lines with its personal fields hidden, anything else has what
// looks like personal data hidden.
func maskRaw(raw string) string {
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err == nil && !dec.More() {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(maskValue(v)); err == nil {
			return strings.TrimSpace(out.String())
		}
	}
	text := strings.ToValidUTF8(raw, "\uFFFD")
	text = namedText.ReplaceAllString(text, `${1}"`+masked+`"`)
	return maskText(text)
}

func maskValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if slices.Contains(personalKeys(), strings.ToLower(k)) {
				v[k] = maskPersonal(x)
			} else {
				v[k] = maskValue(x)
			}
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i])
		}
	case string:
		return maskText(v)
	case json.Number:
		if text := maskText(v.String()); text != v.String() {
			return text
		}
	}
	return v
}

// maskPersonal hides the value of a personal field. A token tells nothing
// about the person and its beginning helps to see that two are the same.
func maskPersonal(v any) any {
	s, ok := v.(string)
	if ok && strings.HasPrefix(s, "tok:") {
		return s[:min(len(s), 12)] + "…"
	}
	if v == nil || s == "" && ok {
		return v
	}
	return masked
}
