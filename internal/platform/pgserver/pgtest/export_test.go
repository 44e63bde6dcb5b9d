package pgtest

// Watch leaves a watcher of the server in folder behind that looks more often than usual.
func Watch(folder, everySeconds string) error {
	c := cluster{folder}
	return c.watch(c.pid(), everySeconds)
}
