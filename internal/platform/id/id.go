// Package id makes the identifiers of the program: UUID version 7 (RFC 9562).
//
// The first 48 bits are milliseconds since 1970, so ids sort by time, a
// partition is a range of ids, and a period of time is a range of ids too.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
)

var last struct {
	sync.Mutex
	ticks uint64
}

// New returns an id for the instant. Ids made by one process for the same or
// an earlier millisecond still ascend: the 12 bits after the version hold the
// fraction of the millisecond, moved on by one when it would repeat.
func New(now time.Time) uuid.UUID {
	ticks := uint64(now.UnixMilli())<<12 | uint64(now.Nanosecond()%1e6)<<12/1e6
	last.Lock()
	// Only within one second: a clock set back by more keeps its own time.
	if ticks <= last.ticks && last.ticks-ticks < 1000<<12 {
		ticks = last.ticks + 1
	}
	last.ticks = ticks
	last.Unlock()
	return build(ticks>>12, uint16(ticks&0xfff), random())
}

// First returns the smallest id of the instant's millisecond: ids made at or
// after t are not below it.
func First(t time.Time) uuid.UUID { return build(uint64(t.UnixMilli()), 0, [8]byte{}) }

// Time returns the millisecond in which the id was made.
func Time(id uuid.UUID) time.Time {
	var b [8]byte
	copy(b[2:], id[:6])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b[:]))).UTC()
}

func build(milliseconds uint64, sub uint16, tail [8]byte) uuid.UUID {
	var u uuid.UUID
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], milliseconds)
	copy(u[:6], ms[2:])
	u[6] = 0x70 | byte(sub>>8)
	u[7] = byte(sub)
	copy(u[8:], tail[:])
	u[8] = u[8]&0x3f | 0x80
	return u
}

func random() (b [8]byte) {
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return b
}
