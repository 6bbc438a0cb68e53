package plan

import "duban/supervision/simulate/world"

// Hours of work: 08:30 to 12:00 and 14:00 to 16:30. Nothing is planned around
// closing time, so that no rule about it decides a figure.
const (
	Morning   = (8*60 + 30) * 60 * 1000
	noon      = 12 * 60 * 60 * 1000
	afternoon = 14 * 60 * 60 * 1000
	evening   = (16*60 + 30) * 60 * 1000
	worked    = noon - Morning + evening - afternoon
)

// OfficeTime returns a random instant in the working hours of a day.
func (p *Planner) OfficeTime(day int32) int64 {
	t := p.Rand.Int64N(worked)
	if t < noon-Morning {
		return world.StartOf(day) + Morning + t
	}
	return world.StartOf(day) + afternoon + t - (noon - Morning)
}
