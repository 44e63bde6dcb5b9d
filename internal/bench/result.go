package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Result is one figure, as it is printed and kept in bench/results. Notes say
// what else was measured in the same run and what the machine could bear.
type Result struct {
	Name       string         `json:"name"`
	Metric     string         `json:"metric"`
	Unit       string         `json:"unit"`
	Value      float64        `json:"value"`
	P50        float64        `json:"p50_ms,omitempty"`
	P99        float64        `json:"p99_ms,omitempty"`
	Lost       int64          `json:"lost"`
	Duplicated int64          `json:"duplicated"`
	CPUSeconds float64        `json:"cpu_s"`
	RSS        float64        `json:"rss_mb"`
	Cores      int            `json:"cores"`
	CPUModel   string         `json:"cpu_model"`
	Commit     string         `json:"commit"`
	Date       string         `json:"date"`
	Notes      map[string]any `json:"notes,omitempty"`
}

// Emit fills in machine and commit, writes one JSON line to out and, when
// folder is not empty, keeps it as folder/<name>.json.
func (r Result) Emit(out io.Writer, folder string) error {
	r.Cores, r.CPUModel, r.Commit = runtime.NumCPU(), cpuModel(), commit()
	r.Date = time.Now().UTC().Format(time.DateOnly)
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, string(line)); err != nil || folder == "" {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, line, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, r.Name+".json"), pretty.Bytes(), 0o644)
}

// Percentile returns the p-th percentile (0–100) in milliseconds; it sorts
// the durations.
func Percentile(d []time.Duration, p float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	i := min(int(float64(len(d))*p/100), len(d)-1)
	return float64(d[i].Microseconds()) / 1000
}

// Usage is what a process has used.
type Usage struct {
	CPU time.Duration
	RSS float64 // MB, now
}

// UsageOf reads /proc for a process and all processes below it; where there is
// no /proc it returns zeros.
func UsageOf(pid int) (u Usage) {
	for _, p := range append(descendants(pid), pid) {
		folder := "/proc/" + strconv.Itoa(p)
		stat, err := os.ReadFile(folder + "/stat")
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 22 {
			continue
		}
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		pages, _ := strconv.Atoi(fields[21])
		const ticks = 100 // USER_HZ on every Linux
		u.CPU += time.Duration(user+system) * time.Second / ticks
		u.RSS += float64(pages*os.Getpagesize()) / (1 << 20)
	}
	return u
}

func descendants(pid int) (out []int) {
	for _, child := range children(pid) {
		out = append(append(out, child), descendants(child)...)
	}
	return out
}

// children lists the processes that any thread of pid has started.
func children(pid int) (out []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		data, _ := os.ReadFile(list)
		for _, field := range strings.Fields(string(data)) {
			if child, err := strconv.Atoi(field); err == nil {
				out = append(out, child)
			}
		}
	}
	return out
}

// OwnCPU returns the processor time of this process.
func OwnCPU() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// Fsync measures what the disk below folder takes to keep 8 KiB, the size of a
// page of the database's log.
func Fsync(folder string) (p50, p99 float64, err error) {
	f, err := os.CreateTemp(folder, "fsync")
	if err != nil {
		return 0, 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 8192)
	took := make([]time.Duration, 0, 300)
	for range 300 {
		began := time.Now()
		if _, err := f.WriteAt(page, 0); err != nil {
			return 0, 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(began))
	}
	return Percentile(took, 50), Percentile(took, 99), nil
}

func cpuModel() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
