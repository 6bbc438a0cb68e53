// Package shell is what the commands share: the flags that every one takes, the
// way to a running instance, errors of use, and how results are printed.
package shell
