package pgserver

import "syscall"

// machineMemory returns the bytes of memory this machine has.
func machineMemory() int64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 4 * gigabyte
	}
	return int64(info.Totalram) * int64(info.Unit)
}
