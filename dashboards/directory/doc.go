// Package directory knows which organisation stands below which.
package directory
