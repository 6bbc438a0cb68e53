package discretion

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"duban/ingest/personal"
	"duban/supervision/pii"
)

// Masked stands for what is not told.
const Masked = "***"

// namedText finds the text value of a key in bytes that need not be well-formed JSON; the
// closing quote may be missing.
var namedText = regexp.MustCompile(`("((?:[^"\\]|\\.)*)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,}\]\s{\[]+)`)

// MaskText hides identity numbers, telephone numbers and mail addresses.
func MaskText(s string) string { return pii.Mask(s) }

// MaskRaw makes bytes of unknown shape fit to be shown: a JSON object is
// printed in lines with its personal fields hidden, anything else has what
// looks like personal data hidden.
func MaskRaw(raw string) string {
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
	text = namedText.ReplaceAllStringFunc(text, func(m string) string {
		if part := namedText.FindStringSubmatch(m); personal.Perhaps(part[2]) {
			return part[1] + `"` + Masked + `"`
		}
		return m
	})
	return MaskText(text)
}

// namesOrganisation reports whether a field holds the code of an organisation.
func namesOrganisation(key string) bool {
	key = strings.ToLower(key)
	return key == "org" || strings.HasSuffix(key, "_org") || strings.HasSuffix(key, "org_code")
}

func maskValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			code, _ := x.(string)
			switch {
			case personal.Perhaps(k):
				v[k] = maskPersonal(x)
			case namesOrganisation(k) && pii.OrgCode(code):
				// Many codes of organisations have the shape of an identity number.
			default:
				v[k] = maskValue(x)
			}
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i])
		}
	case string:
		return MaskText(v)
	case json.Number:
		if text := MaskText(v.String()); text != v.String() {
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
	return Masked
}

// MaskField hides the value of a field by its name, and what is personal in any other text.
func MaskField(key, value string) string {
	if personal.Perhaps(key) {
		text, _ := maskPersonal(value).(string)
		return text
	}
	return MaskText(value)
}
