package metrics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/queries"
)

// UnknownError says that something a question is about does not exist: a figure
// of nothing must not look like a figure that is nought.
type UnknownError struct {
	// What is the kind of thing in words, such as source system, Asked what was
	// asked for, and Known what there is, as far as it can be listed.
	What, Asked string
	Known       []string
}

// maxNamed bounds the names in a message.
const maxNamed = 30

// Error says what does not exist and what does.
func (e *UnknownError) Error() string {
	text := fmt.Sprintf("there is no %s %q", e.What, e.Asked)
	switch n := len(e.Known); {
	case n > maxNamed:
		return fmt.Sprintf("%s; there are %s and %d more", text, strings.Join(e.Known[:maxNamed], ", "), n-maxNamed)
	case n > 0:
		return text + "; there are: " + strings.Join(e.Known, ", ")
	}
	return text
}

// Attributes lists the attributes by which an indicator can be grouped, as
// attribute:NAME.
func Attributes(ctx context.Context, reg *queries.Registry, conn queries.Conn, def Definition, source string) ([]string, error) {
	q, err := reg.Get(def.Query)
	if err != nil || len(reg.NamedDimensions(q)) == 0 {
		return nil, err
	}
	args := queries.Args{"kind": map[string]string{"ticket": "ticket", "rating": ""}[q.Dims]}
	if q.Dims == "case" || q.Dims == "step" {
		args["kind"] = "case"
	}
	if q.Dims != "rating" { // a rating may come from another system than what it is about
		args["source"] = source
	}
	res, err := reg.Run(ctx, conn, "page/attribute_names", args)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(res.Rows))
	for i, row := range res.Rows {
		names[i] = fmt.Sprint(row[0])
	}
	return names, nil
}

// checkAttributes makes sure that every attribute that is grouped by exists.
func checkAttributes(ctx context.Context, reg *queries.Registry, conn queries.Conn, def Definition, req Request) error {
	var known []string
	for _, by := range req.By {
		base, name, ok := queries.NamedDimension(by)
		if !ok || base != "attribute" {
			continue
		}
		if known == nil {
			var err error
			if known, err = Attributes(ctx, reg, conn, def, req.Source); err != nil {
				return err
			}
		}
		if !slices.Contains(known, name) {
			return &UnknownError{"attribute", name, known}
		}
	}
	return nil
}

// CheckScope makes sure that the source system, organisation and division of a
// question exist as far as the reader may see.
func CheckScope(ctx context.Context, reg *queries.Registry, conn queries.Conn, source, org, region string) error {
	if source == "" && org == "" && region == "" {
		return nil
	}
	res, err := reg.Run(ctx, conn, "page/known_scope", queries.Args{"org": org, "region": region})
	if err != nil {
		return err
	}
	known := map[string][]string{}
	for _, row := range res.Rows {
		kind := fmt.Sprint(row[0])
		known[kind] = append(known[kind], fmt.Sprint(row[1]))
	}
	for _, c := range []struct{ kind, what, asked string }{
		{"source", "source system", source}, {"org", "organisation", org}, {"region", "division", region},
	} {
		if c.asked == "" || slices.Contains(known[c.kind], c.asked) {
			continue
		}
		return &UnknownError{c.what, c.asked, known[c.kind]}
	}
	return nil
}
