// Package world is the simulated province before anything happens in it: its
// divisions, organisations and service items, the calendar of its offices, and
// how busy each of them is. It is made once and does not change.
//
// Codes and names of divisions, the holidays and the titles of services are
// real; organisations, limits and weights are invented. The calendar walks day
// by day over the notices of the State Council and shares no code with
// supervision/calendar, which is held against it.
//
// Instants are Unix milliseconds in UTC, days are days of Asia/Shanghai
// counted from 1970-01-01.
package world
