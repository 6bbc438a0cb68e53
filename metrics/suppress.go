package metrics

import (
	"slices"
	"strings"

	"duban/queries"
)

// LeastPublic is the smallest number of cases that a public figure may be about (domain
// guide 8.2).
const LeastPublic = 5

// Suppress takes out of a result what is about fewer than least subjects, so that nobody
// reads a single person out of a table: numerator, denominator, value and all else that is
// no dimension become queries.Suppressed. Where one cell alone of a row or column of the
// table is taken out, its total would give it away, so the smallest of the others goes too.
func Suppress(res *queries.Result, least float64) {
	var keys, figures []int
	numerator, denominator := -1, -1
	for i, c := range res.Columns {
		switch {
		case slices.Contains(res.By, c.Name) || slices.Contains([]string{"step", "topic", "class"}, c.Name):
			keys = append(keys, i)
		case c.Name == "numerator":
			numerator = i
		case c.Name == "denominator":
			denominator = i
		}
		if !slices.Contains(keys, i) {
			figures = append(figures, i)
		}
	}
	s := suppressor{keys: keys, size: make([]float64, len(res.Rows)), out: make([]bool, len(res.Rows))}
	for i, row := range res.Rows {
		s.size[i] = subjects(row, numerator, denominator)
		s.out[i] = s.size[i] > 0 && s.size[i] < least
	}
	for s.complement(res.Rows) {
	}
	for i, row := range res.Rows {
		for _, j := range figures {
			if s.out[i] {
				row[j] = queries.Suppressed{}
			}
		}
		// What a source called it may name the person that it is about.
		for _, j := range keys {
			if c := res.Columns[j].Name; s.out[i] && (c == "topic" || strings.Contains(c, ":")) {
				row[j] = hiddenWords
			}
		}
	}
}

// hiddenWords stands for the words of a source in a row that is suppressed.
const hiddenWords = "***"

// subjects is how many subjects a row is about.
func subjects(row []any, numerator, denominator int) float64 {
	for _, at := range []int{denominator, numerator} {
		if at >= 0 && row[at] != nil {
			v, _ := queries.Number(row[at])
			return v
		}
	}
	return 0
}

type suppressor struct {
	keys []int
	size []float64
	out  []bool
}

// complement looks along every dimension at the lines of cells that a total is the sum of,
// and takes out one more where one alone is. It reports whether it did.
func (s *suppressor) complement(rows [][]any) bool {
	more := false
	for _, along := range s.keys {
		lines := map[string][]int{}
		for i, row := range rows {
			if s.size[i] > 0 {
				k := s.line(row, along)
				lines[k] = append(lines[k], i)
			}
		}
		for _, line := range lines {
			hidden, smallest := 0, -1
			for _, i := range line {
				if s.out[i] {
					hidden++
				} else if smallest < 0 || s.size[i] < s.size[smallest] {
					smallest = i
				}
			}
			if hidden == 1 && smallest >= 0 {
				s.out[smallest], more = true, true
			}
		}
	}
	return more
}

// line names the cells that differ in one dimension alone.
func (s *suppressor) line(row []any, along int) string {
	var b strings.Builder
	for _, k := range s.keys {
		if k != along {
			b.WriteString(queries.Text(row[k]))
		}
		b.WriteByte(0)
	}
	return b.String()
}
