package account

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// BenchmarkHash shows what a sign-in costs; the default was chosen by it.
func BenchmarkHash(b *testing.B) {
	for _, cost := range []Cost{DefaultCost, {MemoryKiB: 46 * 1024, Passes: 1}, {MemoryKiB: 64 * 1024, Passes: 2}} {
		b.Run(fmt.Sprintf("%dMiB,%d", cost.MemoryKiB/1024, cost.Passes), func(b *testing.B) {
			h := newHasher(cost)
			before := cpuTime(b)
			for b.Loop() {
				if _, _, err := h.check(b.Context(), "correct horse battery", h.stranger); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// cpuTime says less than the clock about what else the machine was doing.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
