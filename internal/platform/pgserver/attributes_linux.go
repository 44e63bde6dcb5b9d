package pgserver

import "syscall"

// attributes lets the kernel send the server its fast-shutdown signal when we die. The
// process group keeps a Ctrl-C in the terminal from reaching it before we are done with it.
func (a account) attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: a.credential, Setpgid: true, Pdeathsig: syscall.SIGINT}
}
