// Package bench makes the load behind the figures in bench/results. Each bench
// drives the running program as its users do and prints one JSON line; ratios
// to the machine's own limits are measured in the same run.
package bench
