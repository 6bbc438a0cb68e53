package mapping

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func settings(t testing.TB, text string) *Time {
	t.Helper()
	m, err := Parse("m.yaml", []byte("version: 1\ntopic: case-events\nsubject: c\ntime: "+text+"\nevents: [{type: apply, at: t}]"))
	require.NoError(t, err)
	return &m.Time
}

func TestTimesAreReadInTheFormatsPeopleKnow(t *testing.T) {
	for _, c := range []struct{ settings, in, want string }{
		{"{formats: iso8601}", "2011-10-11 13:45:40.276000+02:00", "2011-10-11T11:45:40.276Z"},
		{"{formats: iso8601}", "2011-10-11T13:45:40.276+02:00", "2011-10-11T11:45:40.276Z"},
		{"{formats: iso8601}", "2011-10-11T13:45Z", "2011-10-11T13:45:00Z"},
		{"{formats: iso8601}", "2011-10-11T13:45:01-0330", "2011-10-11T17:15:01Z"},
		{"{formats: iso8601, zone: Asia/Shanghai}", "2020-01-02 03:04:05", "2020-01-01T19:04:05Z"},
		{"{formats: date, zone: Asia/Shanghai}", "2020-01-02", "2020-01-01T16:00:00Z"},
		{"{formats: unix}", "1577934245", "2020-01-02T03:04:05Z"},
		{"{formats: unix_ms}", "1577934245678", "2020-01-02T03:04:05.678Z"},
		{"{formats: MM/dd/yyyy hh:mm:ss a, zone: America/New_York}", "04/12/2018 11:11:26 PM", "2018-04-13T03:11:26Z"},
		{"{formats: 'd.M.yyyy H:mm', zone: Europe/Berlin}", "5.7.2016 9:03", "2016-07-05T07:03:00Z"},
		{"{formats: '%d/%m/%Y %H:%M', zone: UTC}", "31/12/2016 23:59", "2016-12-31T23:59:00Z"},
		{"{formats: \"yyyy'年'MM'月'dd'日' HH:mm\", zone: Asia/Shanghai}", "2020年01月02日 03:04", "2020-01-01T19:04:00Z"},
		{"{formats: [rfc3339, date], zone: UTC}", "2020-01-02", "2020-01-02T00:00:00Z"},
		// As in C and Python: one digit or two.
		{"{formats: '%Y/%m/%d %H:%M:%S', zone: Asia/Shanghai}", "2019/5/9 9:4:1", "2019-05-09T01:04:01Z"},
		{"{formats: '%Y/%m/%d %H:%M:%S', zone: Asia/Shanghai}", "2019/05/09 09:04:01", "2019-05-09T01:04:01Z"},
		{"{formats: '%m/%d/%y %I:%M %p', zone: UTC}", "5/9/19 9:04 PM", "2019-05-09T21:04:00Z"},
		{"{formats: '%F %T', zone: UTC}", "2019-5-9 9:4:1", "2019-05-09T09:04:01Z"},
		{"{formats: '%Y%m%d%H%M%S', zone: UTC}", "20190509090401", "2019-05-09T09:04:01Z"},
		{"{formats: 'M/d/yyyy h:mm a', zone: UTC}", "5/9/2019 9:04 PM", "2019-05-09T21:04:00Z"},
		// Serials of spreadsheets. 43563.359259 is in the messages of the Teddy Cup;
		// 61 is 1900-03-01 and 2 in the other system 1904-01-03 (ECMA-376, 18.17.4.1).
		{"{formats: excel, zone: UTC}", "43563.359259", "2019-04-08T08:37:20Z"},
		{"{formats: excel, zone: UTC}", "43563.359259259259", "2019-04-08T08:37:20Z"},
		{"{formats: excel, zone: UTC}", "43563", "2019-04-08T00:00:00Z"},
		{"{formats: excel, zone: UTC}", "43563.5", "2019-04-08T12:00:00Z"},
		{"{formats: excel, zone: UTC}", "43563.0000115856", "2019-04-08T00:00:01.001Z"},
		{"{formats: excel, zone: UTC}", "61", "1900-03-01T00:00:00Z"},
		{"{formats: excel1904, zone: UTC}", "42101.359259", "2019-04-08T08:37:20Z"},
		{"{formats: ['%Y/%m/%d %H:%M:%S', excel], zone: Asia/Shanghai}", "43563.359259", "2019-04-08T00:37:20Z"},
	} {
		got, err := settings(t, c.settings).Parse([]byte(c.in))
		require.NoError(t, err, c.in)
		require.Equal(t, c.want, got.Format(time.RFC3339Nano), c.in)
	}
}

func TestWhatIsNoTimeIsRefused(t *testing.T) {
	for in, want := range map[string]error{
		"2011-02-29 10:00:00+01:00": ErrNotATime, "2011-10-11 24:00:00Z": ErrNotATime, "2011-10-11": ErrNotATime,
		"11-10-2011 10:00": ErrNotATime, "2011-10-11 10:00:00.": ErrNotATime, "2011-10-11 10:00:00+1": ErrNotATime,
		"": ErrNotATime, "2011-10-11 10:00:60Z": ErrNotATime, "2011-10-11 10:00:00": ErrNoZone,
	} {
		_, err := settings(t, "{formats: iso8601}").Parse([]byte(in))
		require.ErrorIs(t, err, want, in)
	}
	for _, in := range []string{"60", "-1", "1e5", "2958466", "43563,5", "4.3.5", "", ".", "0x10", strings.Repeat("4", 50)} {
		_, err := settings(t, "{formats: excel, zone: UTC}").Parse([]byte(in))
		require.ErrorIs(t, err, ErrNotATime, in)
	}
}

// Clocks in New York went from 02:00 EDT back to 01:00 EST on 2016-11-06, and
// from 02:00 EST to 03:00 EDT on 2018-03-11.
func TestChangesOfClocksAreRefusedUnlessResolved(t *testing.T) {
	base := "{formats: iso8601, zone: America/New_York"
	for _, c := range []struct{ extra, in, want string }{
		{"", "2016-11-06 01:30:00", ErrAmbiguous.Error()},
		{", ambiguous: earlier", "2016-11-06 01:30:00", "2016-11-06T05:30:00Z"},
		{", ambiguous: later", "2016-11-06 01:30:00", "2016-11-06T06:30:00Z"},
		{"", "2016-11-06 00:59:59", "2016-11-06T04:59:59Z"},
		{"", "2016-11-06 02:00:00", "2016-11-06T07:00:00Z"},
		{"", "2018-03-11 02:43:56", ErrNonexistent.Error()},
		{", nonexistent: offset_before", "2018-03-11 02:43:56", "2018-03-11T07:43:56Z"},
		{", nonexistent: offset_after", "2018-03-11 02:43:56", "2018-03-11T06:43:56Z"},
		{"", "2018-03-11 01:59:59", "2018-03-11T06:59:59Z"},
		{"", "2018-03-11 03:00:00", "2018-03-11T07:00:00Z"},
	} {
		got, err := settings(t, base+c.extra+"}").Parse([]byte(c.in))
		s := got.Format(time.RFC3339)
		if err != nil {
			s = err.Error()
		}
		require.Equal(t, c.want, s, c.in+c.extra)
	}
}

// Every instant that is written in local time is read back, or named as
// ambiguous when the same wall clock occurs twice.
func TestLocalTimesRoundTrip(t *testing.T) {
	zones := []string{"America/New_York", "Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"}
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		at := time.Unix(rapid.Int64Range(946684800, 1893456000).Draw(rt, "unix"), 0).UTC()
		loc, err := time.LoadLocation(zone)
		require.NoError(rt, err)
		wall := at.In(loc).Format("2006-01-02 15:04:05")
		first, err := settings(t, fmt.Sprintf("{formats: iso8601, zone: %s, ambiguous: earlier}", zone)).Parse([]byte(wall))
		require.NoError(rt, err)
		second, err := settings(t, fmt.Sprintf("{formats: iso8601, zone: %s, ambiguous: later}", zone)).Parse([]byte(wall))
		require.NoError(rt, err)
		require.True(rt, at.Equal(first) || at.Equal(second), "%s is neither %s nor %s", at, first, second)
		_, err = settings(t, fmt.Sprintf("{formats: iso8601, zone: %s}", zone)).Parse([]byte(wall))
		require.Equal(rt, first.Equal(second), err == nil)
	})
}
