package divisions

import (
	"compress/gzip"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

//go:embed data/*.csv.gz
var files embed.FS

// Load reads the embedded tables: about 53,000 divisions, some tens of
// milliseconds and some ten megabytes. Call it once and pass the table on.
func Load() (*Table, error) {
	l := loader{parentOf: map[string]string{}, cityName: map[string]string{}}
	for _, step := range []struct {
		file string
		take func([]string)
	}{
		{"provinces", l.province}, {"cities", l.city}, {"areas", l.county},
		{"streets", l.township}, {"villages-sample", l.village},
	} {
		if err := eachRecord("data/"+step.file+".csv.gz", step.take); err != nil {
			return nil, err
		}
	}
	t, err := build(l.all)
	if err != nil {
		return nil, fmt.Errorf("build the table of divisions: %w", err)
	}
	return t, nil
}

// loader turns the source's records into divisions. parentOf maps a code of
// the source to the code that the divisions below it hang from.
type loader struct {
	all      []Division
	parentOf map[string]string
	cityName map[string]string
}

func (l *loader) add(d Division) { l.all = append(l.all, d) }

func (l *loader) province(r []string) {
	code := r[0] + "0000"
	l.parentOf[r[0]] = code
	l.add(Division{Code: code, Name: r[1], Level: Province})
}

func (l *loader) city(r []string) {
	code, province := r[0]+"00", l.parentOf[r[2]]
	d := Division{Code: code, Name: r[1], Parent: province, Level: City, Virtual: notAPlace(r[1])}
	l.cityName[r[0]] = r[1]
	l.parentOf[r[0]] = code
	if d.Virtual {
		l.parentOf[r[0]] = province
	}
	l.add(d)
}

func (l *loader) county(r []string) {
	code, city := r[0], l.parentOf[r[2]]
	repeatsCity := r[1] == l.cityName[r[2]]
	if repeatsCity {
		l.parentOf[code] = city
		if code == city {
			return
		}
	} else {
		l.parentOf[code] = code
	}
	l.add(Division{Code: code, Name: r[1], Parent: city, Level: County, Virtual: repeatsCity || code[4] == '7'})
}

func (l *loader) township(r []string) {
	l.add(Division{Code: r[0], Name: r[1], Parent: l.parentOf[r[2]], Level: Township})
}

func (l *loader) village(r []string) {
	l.add(Division{Code: r[0], Name: r[1], Parent: r[2], Level: Village})
}

// notAPlace tells the fillers of the second level from cities.
func notAPlace(name string) bool {
	switch name {
	case "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划":
		return true
	}
	return false
}

// eachRecord calls take for every record of a compressed CSV file after its header.
func eachRecord(name string, take func([]string)) error {
	f, err := files.Open(name)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	r := csv.NewReader(z)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		return fmt.Errorf("read the header of %s: %w", name, err)
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		take(record)
	}
}
