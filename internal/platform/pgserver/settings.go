package pgserver

import (
	"fmt"
	"runtime"
	"strconv"
)

const (
	megabyte = 1 << 20
	gigabyte = 1 << 30
)

// serverSettings fit a machine that Postgres shares with Parley itself: short transactions,
// many small writes, flash storage. Durability stays as Postgres ships it.
func serverSettings() map[string]string {
	memory := machineMemory()
	return map[string]string{
		"max_connections":      "200",
		"shared_buffers":       megabytes(clamp(memory/16, 128*megabyte, 1*gigabyte)),
		"effective_cache_size": megabytes(clamp(memory/2, 512*megabyte, 64*gigabyte)),
		"maintenance_work_mem": megabytes(clamp(memory/64, 64*megabyte, 512*megabyte)),
		"work_mem":             "8MB",

		"synchronous_commit":           "on",
		"wal_level":                    "replica", // a base backup of the running server stays possible
		"max_wal_senders":              "4",
		"wal_buffers":                  "16MB",
		"min_wal_size":                 "256MB",
		"max_wal_size":                 "2GB",
		"checkpoint_timeout":           "15min",
		"checkpoint_completion_target": "0.9",

		"jit":                             "off", // compiling costs more than our short statements take
		"random_page_cost":                "1.1",
		"max_parallel_workers_per_gather": strconv.Itoa(min(2, max(0, runtime.NumCPU()/2-1))),
		"autovacuum_naptime":              "20s",
		"autovacuum_vacuum_scale_factor":  "0.05",
		"autovacuum_analyze_scale_factor": "0.05",

		"timezone":    "UTC",
		"datestyle":   "ISO, YMD",
		"lc_messages": "C", // the log is read by a program

		"logging_collector":                 "off",
		"log_destination":                   "stderr",
		"log_timezone":                      "UTC",
		"log_line_prefix":                   "%m [%p] %e ",
		"log_error_verbosity":               "terse",
		"log_min_error_statement":           "panic",
		"log_parameter_max_length":          "0",
		"log_checkpoints":                   "off",
		"log_autovacuum_min_duration":       "-1",
		"log_min_duration_statement":        "-1",
		"log_statement":                     "none",
		"debug_print_plan":                  "off",
		"log_startup_progress_interval":     "10s",
		"log_recovery_conflict_waits":       "off",
		"log_temp_files":                    "-1",
		"log_replication_commands":          "off",
		"log_parameter_max_length_on_error": "0",
	}
}

func clamp(value, low, high int64) int64 { return min(max(value, low), high) }

func megabytes(bytes int64) string { return fmt.Sprintf("%dMB", bytes/megabyte) }
