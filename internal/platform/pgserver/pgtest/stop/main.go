// Command stop ends the Postgres that the tests of this user share.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"parley/internal/platform/pgserver/pgtest"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := pgtest.Stop(ctx, pgtest.DefaultFolder()); err != nil {
		fmt.Fprintln(os.Stderr, "stop the tests' Postgres:", err)
		os.Exit(1)
	}
}
