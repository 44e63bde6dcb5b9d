package chat_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db/dbtest"
)

// The database of tests does not wait for the disk, so these are the costs of
// work, not of durability.

func BenchmarkReceive(b *testing.B) {
	for name, c := range map[string]struct{ companies, atOnce int }{
		"3 companies, 16 at once": {3, 8}, "1 company, 128 at once": {1, 64},
	} {
		b.Run(name, func(b *testing.B) { benchmarkReceive(b, c.companies, c.atOnce) })
	}
}

func benchmarkReceive(b *testing.B, companies, perCore int) {
	b.Helper()
	f := chattest.New(b, dbtest.New(b))
	var rooms []*chattest.Room
	for _, firm := range f.Firms()[2:][:companies] {
		room := f.Room(b, firm, 4)
		room.Online(b, room.Operators...)
		rooms = append(rooms, room)
	}
	visitors := make([]*chattest.Visitor, 300)
	for i := range visitors {
		visitors[i] = rooms[i%len(rooms)].Visitor()
		visitors[i].Write(b, "hello")
	}
	var next atomic.Int64
	b.ResetTimer()
	b.SetParallelism(perCore)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			if n%1000 == 0 {
				f.Clock.Step(time.Minute)
			}
			_, err := f.Chat.Receive(ctx, visitors[int(n)%len(visitors)].Inbound("Where is my order? It was promised for today."))
			require.NoError(b, err)
		}
	})
}

// BenchmarkFirstMessage is the dear case: contact, dialog, session.
func BenchmarkFirstMessage(b *testing.B) {
	r := room(b, 0)
	b.ResetTimer()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := r.Chat.Receive(ctx, r.Visitor().Inbound("hello"))
			require.NoError(b, err)
		}
	})
}

func BenchmarkReply(b *testing.B) {
	r := room(b, 4)
	r.Online(b, r.Operators...)
	type work struct {
		dialog uuid.UUID
		by     int
	}
	var open []work
	for range 100 {
		_, dialog := r.Dialog(b, "hello")
		for i, o := range r.Operators {
			if r.Holder(b, dialog) == o.ID {
				open = append(open, work{dialog, i})
			}
		}
	}
	var next atomic.Int64
	b.ResetTimer()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w := open[int(next.Add(1))%len(open)]
			_, _, err := r.Chat.Reply(ctx, r.Operators[w.by].Actor, chat.Outbound{DialogID: w.dialog, Key: uuid.New(), Text: "It left this morning."})
			require.NoError(b, err)
		}
	})
}

// BenchmarkShareOut takes a queue of so many sessions to operators.
func BenchmarkShareOut(b *testing.B) {
	r := room(b, 10)
	for range b.N {
		_, err := r.Chat.Receive(ctx, r.Visitor().Inbound("hello"))
		require.NoError(b, err)
	}
	for _, o := range r.Operators {
		r.Limit(b, o, 10000)
		_, err := r.Chat.SetOperatorState(ctx, o.Actor, chat.Online)
		require.NoError(b, err)
	}
	b.ResetTimer()
	r.Distribute(b)
}
