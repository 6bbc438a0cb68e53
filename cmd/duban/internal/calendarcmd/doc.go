// Package calendarcmd is `duban calendar`: counting by the calendar, and loading
// the notices that it is made of.
package calendarcmd
