package calendar

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Holiday names one of the holidays of all citizens.
type Holiday string

// The holidays of 全国年节及纪念日放假办法, article 2.
const (
	NewYear        Holiday = "元旦"
	SpringFestival Holiday = "春节"
	Qingming       Holiday = "清明节"
	LabourDay      Holiday = "劳动节"
	DragonBoat     Holiday = "端午节"
	MidAutumn      Holiday = "中秋节"
	NationalDay    Holiday = "国庆节"
)

// LawHoliday is a holiday of one year with the days that are off by the
// regulation itself, whatever a notice arranges around them.
type LawHoliday struct {
	Name        Holiday
	First, Last Day
}

// Regulation is one edition of 全国年节及纪念日放假办法.
type Regulation struct {
	// Document is the decree of the State Council, From the first year in force.
	Document string
	From     int
	// before and after are the days off before and after the first day of the
	// lunar year; labour are those from 1 May; lunar adds 清明, 端午 and 中秋.
	before, after, labour int
	lunar                 bool
}

// regulations are the editions, newest first: 国务院令第795号 (2024-11-10),
// 第644号 (2013-12-11), 第513号 (2007-12-14) and 第270号 (1999-09-18).
var regulations = []Regulation{
	{Document: "国务院令第795号", From: 2025, before: 1, after: 2, labour: 2, lunar: true},
	{Document: "国务院令第644号", From: 2014, before: 0, after: 2, labour: 1, lunar: true},
	{Document: "国务院令第513号", From: 2008, before: 1, after: 1, labour: 1, lunar: true},
	{Document: "国务院令第270号", From: 2000, before: 0, after: 2, labour: 3},
}

// RegulationOf returns the edition in force in a year; false before 2000.
func RegulationOf(year int) (Regulation, bool) {
	for _, r := range regulations {
		if year >= r.From {
			return r, true
		}
	}
	return Regulation{}, false
}

// LawHolidays returns the holidays of a year in the order of the year; false
// for years whose regulation or lunar dates (2000 to 2060) are not known here.
func LawHolidays(year int) ([]LawHoliday, bool) {
	r, ok := RegulationOf(year)
	l, known := lunarYears()[year]
	if !ok || !known {
		return nil, false
	}
	one := func(name Holiday, d Day) LawHoliday { return LawHoliday{name, d, d} }
	may, october := MakeDay(year, 5, 1), MakeDay(year, 10, 1)
	out := []LawHoliday{
		one(NewYear, MakeDay(year, 1, 1)),
		{SpringFestival, l.spring - Day(r.before), l.spring + Day(r.after)},
	}
	if r.lunar {
		out = append(out, one(Qingming, l.qingming))
	}
	out = append(out, LawHoliday{LabourDay, may, may + Day(r.labour) - 1})
	if r.lunar {
		out = append(out, one(DragonBoat, l.dragonBoat), one(MidAutumn, l.midAutumn))
	}
	return append(out, LawHoliday{NationalDay, october, october + 2}), true
}

// lunarDates are the days of the lunar and solar-term holidays of a year.
type lunarDates struct{ spring, qingming, dragonBoat, midAutumn Day }

// lunarYears reads data/lunar.csv once.
var lunarYears = sync.OnceValue(func() map[int]lunarDates {
	out := map[int]lunarDates{}
	text, err := embedded.ReadFile("data/lunar.csv")
	if err != nil {
		return out
	}
	rows := csv.NewReader(strings.NewReader(string(text)))
	_, _ = rows.Read() // the heading
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		year, l, err := lunarRow(row, err)
		if err != nil {
			return map[int]lunarDates{} // a test reads every row; without the table nothing is claimed
		}
		out[year] = l
	}
})

func lunarRow(row []string, err error) (year int, l lunarDates, _ error) {
	if err != nil {
		return 0, l, err
	}
	if len(row) != 5 {
		return 0, l, fmt.Errorf("lunar dates: %d columns, want 5", len(row))
	}
	if year, err = strconv.Atoi(row[0]); err != nil {
		return 0, l, err
	}
	for i, to := range []*Day{&l.spring, &l.qingming, &l.dragonBoat, &l.midAutumn} {
		if *to, err = ParseDay(row[i+1]); err != nil {
			return 0, l, err
		}
	}
	return year, l, nil
}
