// Package halls says when the service halls of each division are open, by what the
// configuration names.
package halls
