package decode

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"duban/ingest/decode/scalar"
	"duban/ingest/event"
)

// SchemaVersion is the version of the published schemas.
const SchemaVersion = "v1"

//go:embed schema/*.json
var schemaFiles embed.FS

// Schema returns the JSON Schema (draft 2020-12) of a topic's messages.
func Schema(topic event.Topic) ([]byte, error) {
	b, err := schemaFiles.ReadFile("schema/" + string(topic) + "." + SchemaVersion + ".json")
	if err != nil {
		return nil, fmt.Errorf("read schema of topic %s: %w", topic, ErrUnknownTopic)
	}
	return b, nil
}

// EnvelopeSchema returns the JSON Schema of the CloudEvents envelope.
func EnvelopeSchema() ([]byte, error) {
	return schemaFiles.ReadFile("schema/cloudevents." + SchemaVersion + ".json")
}

// explainer names the rule of the schema that a refused message breaks.
type explainer struct {
	schemas map[event.Topic]*jsonschema.Schema
}

func newExplainer() (*explainer, error) {
	e := &explainer{schemas: map[event.Topic]*jsonschema.Schema{}}
	for _, t := range event.Topics() {
		text, err := Schema(t)
		if err != nil {
			return nil, err
		}
		sch, err := compile(string(t), text)
		if err != nil {
			return nil, err
		}
		e.schemas[t] = sch
	}
	return e, nil
}

func compile(name string, text []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	sch, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("compile schema %s: %w", name, err)
	}
	return sch, nil
}

// rule returns " (schema …: keyword …)" for the first broken rule at the
// place of the reject, or "" when the schema has none there. It repeats no
// value of the message.
func (e *explainer) rule(topic event.Topic, value []byte, rej *Reject) string {
	if scalar.HugeExponent(value) || len(value) > 64<<10 {
		return ""
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		return ""
	}
	var verr *jsonschema.ValidationError
	if err := e.schemas[topic].Validate(doc); err == nil || !asValidation(err, &verr) {
		return ""
	}
	if keyword := find(verr, rej.Field); keyword != "" {
		return fmt.Sprintf(" (schema %s.%s, rule %s)", topic, SchemaVersion, keyword)
	}
	return ""
}

func asValidation(err error, target **jsonschema.ValidationError) bool {
	return errors.As(err, target)
}

// find looks for a leaf at the place, or at the object around it (a missing
// or unknown field is an error of the object).
func find(v *jsonschema.ValidationError, place string) string {
	if len(v.Causes) == 0 {
		at := ""
		for _, p := range v.InstanceLocation {
			at += "/" + pointer(p)
		}
		if at == place || strings.HasPrefix(place, at+"/") && strings.Count(place, "/") == strings.Count(at, "/")+1 {
			return strings.Join(v.ErrorKind.KeywordPath(), "/")
		}
		return ""
	}
	for _, c := range v.Causes {
		if k := find(c, place); k != "" {
			return k
		}
	}
	return ""
}
