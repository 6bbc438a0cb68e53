package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// pauseColumns are the p_ columns of table cases.
type pauseColumns struct {
	n      *proto.ColUInt64
	fromAt instantColumn
	until  nullInstantColumn
}

func (p *pauseColumns) make(c *columns) {
	p.n = c.group()
	p.fromAt = c.at("p_from_at", p.n)
	p.until = c.nullAt("p_until_at", p.n)
}

func (p *pauseColumns) put(pauses []lifecycle.Pause) {
	for i := range pauses {
		p.fromAt.put(pauses[i].FromAt)
		p.until.put(pauses[i].End())
	}
	p.n.Append(uint64(p.fromAt.Rows()))
}
