package shell

import (
	"context"
	"duban/queries"
	"duban/supervision/lawzone"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// Question runs f on an open client and prints its result.
func Question(cmd *cobra.Command, c *Common, format *string, f func(ctx context.Context, cl *Client) (*queries.Result, error)) error {
	if err := CheckFormat(*format); err != nil {
		return err
	}
	cl, err := c.OpenReader()
	if err != nil {
		return err
	}
	defer cl.Close()
	res, err := f(cmd.Context(), cl)
	if err != nil {
		return err
	}
	return res.Write(cmd.OutOrStdout(), *format)
}

// CheckFormat refuses what is no value of --format.
func CheckFormat(format string) error {
	switch format {
	case "table", "json", "csv":
		return nil
	}
	return Usage(fmt.Errorf("--format %q is not one of table, json, csv", format))
}

// AddFormat adds --format to a command.
func AddFormat(cmd *cobra.Command) *string {
	return cmd.Flags().String("format", "table", "table, json or csv")
}

// PrintJSON writes v for people and programs alike.
func PrintJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// TextResult is a result of words, to be printed like that of a query.
func TextResult(names ...string) *queries.Result {
	res := &queries.Result{}
	for _, n := range names {
		res.Columns = append(res.Columns, queries.Column{Name: n, Type: "String"})
	}
	return res
}

// AddRow adds a row to a result of words.
func AddRow(res *queries.Result, cells ...string) {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	res.Rows = append(res.Rows, row)
}

// Moment writes an instant in the zone of the law; empty for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(lawzone.Zone).Format("2006-01-02 15:04:05")
}
