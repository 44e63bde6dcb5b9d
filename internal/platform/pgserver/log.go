package pgserver

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	largestLog  = 8 * megabyte // then the file becomes .1 and a new one begins
	longestLine = 16 << 10
	tailLines   = 8
)

// serverLog receives what the server prints: it keeps what helps in a file, drops what
// could hold people's data, and notices a full disk.
type serverLog struct {
	path string
	log  *slog.Logger

	mu     sync.Mutex
	file   *os.File
	size   int64
	tail   []string
	keeps  bool // whether the current message goes to the file; its next lines follow it
	fullAt time.Time
}

func newServerLog(path string, log *slog.Logger) *serverLog {
	return &serverLog{path: path, log: log}
}

// follow reads until the last process that holds the other end is gone.
func (l *serverLog) follow(from io.ReadCloser) {
	defer from.Close() //nolint:errcheck // only read
	lines := bufio.NewReaderSize(from, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			l.line(strings.TrimRight(string(line), "\n"))
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// linePrefix matches what log_line_prefix writes, then the severity.
var linePrefix = regexp.MustCompile(`^\S+ \S+ \S+ \[\d+\] (\w{5}) ([A-Z]+\d?):  (.*)$`)

func (l *serverLog) line(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()

	code, severity, message := "", "", line
	if m := linePrefix.FindStringSubmatch(line); m != nil {
		code, severity, message = m[1], m[2], m[3]
		l.keeps = worthKeeping(code, severity)
	} else if !strings.HasPrefix(line, "\t") {
		l.keeps = true // printed before the prefix was set, while starting
	}
	if code == sqlstateDiskFull || mentionsDiskFull(line) {
		l.keeps = true
		if time.Since(l.fullAt) > time.Minute {
			l.log.Error("the disk is full: Postgres cannot write", "folder", l.path, "message", message)
		}
		l.fullAt = time.Now()
	}
	if !l.keeps {
		return
	}
	l.tail = append(l.tail, line)
	if len(l.tail) > tailLines {
		l.tail = l.tail[1:]
	}
	if severity == "PANIC" {
		l.log.Error("Postgres stopped itself", "message", message)
	}
	l.write(line)
}

// worthKeeping drops errors that a statement caused: the client gets those itself, and
// their texts quote values.
func worthKeeping(code, severity string) bool {
	switch {
	case code == "57P01" || code == "57P02" || code == "57P03":
		return false // every connection says so when the server ends
	case severity != "ERROR":
		return true
	}
	switch code[:2] {
	case "53", "58", "F0", "XX", "57", "55":
		return true
	}
	return false
}

// write appends to the file. A log that cannot be written must not stop anything: what
// matters has gone to our own log.
func (l *serverLog) write(line string) {
	if l.file == nil {
		file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return
		}
		l.file = file
		if info, err := file.Stat(); err == nil {
			l.size = info.Size()
		}
	}
	n, _ := l.file.WriteString(line + "\n")
	l.size += int64(n)
	if l.size < largestLog {
		return
	}
	_ = l.file.Close()
	_ = os.Rename(l.path, l.path+".1")
	l.file, l.size = nil, 0
}

// close lets go of the file; a later line opens it again.
func (l *serverLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
}

// lastFull returns when the server last complained about a full disk.
func (l *serverLog) lastFull() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fullAt
}

// lastWords returns the newest kept lines, for an error message, and forgets them.
func (l *serverLog) lastWords() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	words := strings.Join(l.tail, "\n")
	l.tail = nil
	return words
}
