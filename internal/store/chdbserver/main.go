// Command chdbserver is the embedded ClickHouse child on its own, for tests:
// the product starts the same child as a hidden command of its one binary.
package main

import (
	"fmt"
	"os"

	"duban/internal/store"
)

func main() {
	if err := store.RunChildArgs(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
