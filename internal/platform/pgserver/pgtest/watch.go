package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// watcher ends the server when the sign of use is old. It takes the sign away first and
// looks again, so a process that touches it either is seen or finds it gone.
const watcher = `
cd "$1" || exit
while sleep "$4"; do
	kill -0 "$2" 2>/dev/null || exit
	[ -n "$(find used -mmin +"$3")" ] || continue
	mv used unused || exit
	if [ -n "$(find unused -mmin +"$3")" ]; then
		kill -INT "$2"
		exit
	fi
	mv unused used
done
`

// watch leaves a small shell behind that ends the server when nobody uses it any more. It is
// a shell because the test's own program is deleted as soon as the test ends.
func (c cluster) watch(pid int, everySeconds string) error {
	cmd := exec.Command("/bin/sh", "-c", watcher, "parley-test-watcher", c.folder, strconv.Itoa(pid), strconv.Itoa(idleMinutes), everySeconds)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Dir = os.TempDir()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("watch the test server: %w", err)
	}
	return cmd.Process.Release()
}
