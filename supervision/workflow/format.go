package workflow

import (
	"strconv"
	"strings"
	"time"
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

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func instant(at int64) string { return time.UnixMilli(at).In(shanghai).Format(time.RFC3339) }
