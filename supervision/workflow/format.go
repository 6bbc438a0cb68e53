package workflow

import (
	"strconv"
	"strings"
	"time"

	"duban/supervision/lawzone"
)

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

func roles(all []Role) string {
	var out []string
	for _, r := range all {
		if r != System {
			out = append(out, string(r))
		}
	}
	return strings.Join(out, ", ")
}

func instant(at int64) string { return time.UnixMilli(at).In(lawzone.Zone).Format(time.RFC3339) }
