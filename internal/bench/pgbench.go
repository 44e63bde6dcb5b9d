package bench

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"parley/internal/platform/pgserver"
)

// scale of pgbench's tables: 100,000 rows each, enough that clients rarely meet.
const scale = 20

var tpsLine = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// pgbench runs Postgres's own benchmark on the same server: its simple update
// (-N) changes one row, reads it and inserts one, durably. Builds of Postgres
// without the program make it an error, because there is nothing to compare to.
func (c *cash) pgbench(ctx context.Context) (float64, error) {
	found, err := pgserver.Find(ctx, "", "", c.postgres.Version())
	if err != nil {
		return 0, err
	}
	program := filepath.Join(found.Folder, "pgbench")
	if _, err := exec.LookPath(program); err != nil {
		return 0, fmt.Errorf("the comparison needs pgbench: %w", err)
	}
	at, err := url.Parse(c.postgres.URL("postgres"))
	if err != nil {
		return 0, err
	}
	socket := []string{"-h", at.Query().Get("host"), "-U", at.User.Username(), "postgres"}
	c.progress("pgbench, simple update, %d clients", c.Clients)
	fill := append([]string{"-i", "-q", "-s", strconv.Itoa(scale)}, socket...)
	if out, err := exec.CommandContext(ctx, program, fill...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("fill pgbench: %w: %s", err, out)
	}
	run := append([]string{
		"-N", "-n", "-M", "prepared", "-c", strconv.Itoa(c.Clients), "-j", "2", "-T", strconv.Itoa(int(c.Time.Seconds())),
	}, socket...)
	out, err := exec.CommandContext(ctx, program, run...).Output()
	if err != nil {
		return 0, fmt.Errorf("run pgbench: %w", err)
	}
	m := tpsLine.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("pgbench said no rate: %s", out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}
