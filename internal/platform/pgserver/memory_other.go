//go:build !linux

package pgserver

// machineMemory assumes a small developer machine where asking takes a foreign library.
func machineMemory() int64 { return 8 * gigabyte }
