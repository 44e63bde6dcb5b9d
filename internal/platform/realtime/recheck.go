package realtime

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/centrifugal/centrifuge"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// A right to hear a channel that was asked for may end while the socket lives.
// Whoever changes who may hear says so, and every node asks again for each of
// its sockets that hears the channel.

const (
	recheckOp        = "recheck"
	recheckCompanyOp = "recheck_company"
)

// listeners are the sockets of this node by the channels that they asked for.
type listeners struct {
	mu sync.Mutex
	of map[string]map[*centrifuge.Client]*listener
}

// listener is a socket that hears a channel, or is just being let in.
type listener struct {
	client  *centrifuge.Client
	right   *Connection
	channel string
	asked   atomic.Bool // its right was asked for again
}

func newListeners() *listeners {
	return &listeners{of: map[string]map[*centrifuge.Client]*listener{}}
}

func (l *listeners) add(client *centrifuge.Client, right *Connection, channel string) *listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[channel] == nil {
		l.of[channel] = map[*centrifuge.Client]*listener{}
	}
	one := &listener{client: client, right: right, channel: channel}
	l.of[channel][client] = one
	return one
}

func (l *listeners) remove(client *centrifuge.Client, channel string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.of[channel], client)
	if len(l.of[channel]) == 0 {
		delete(l.of, channel)
	}
}

// forget removes a client whose socket has ended.
func (l *listeners) forget(client *centrifuge.Client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for channel, clients := range l.of {
		if delete(clients, client); len(clients) == 0 {
			delete(l.of, channel)
		}
	}
}

func (l *listeners) hearing(channel string) []*listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]*listener, 0, len(l.of[channel]))
	for _, one := range l.of[channel] {
		out = append(out, one)
	}
	return out
}

// channelsOf lists what the company's people have asked for.
func (l *listeners) channelsOf(company int64) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for channel, clients := range l.of {
		for _, one := range clients {
			if one.right.Company == company {
				out = append(out, channel)
				break
			}
		}
	}
	return out
}

// RecheckTx asks again, once tx has been committed, whether those who asked to
// hear a channel still may, on all nodes. Who may not is unsubscribed.
func (h *Hub) RecheckTx(tx *db.Tx, channel string) { h.notifyTx(tx, recheckOp, channel) }

// RecheckCompanyTx does so for every channel of a company.
func (h *Hub) RecheckCompanyTx(tx *db.Tx, company int64) {
	h.notifyTx(tx, recheckCompanyOp, strconv.FormatInt(company, 10))
}

func (h *Hub) notifyTx(tx *db.Tx, op, what string) {
	tx.AfterCommit(func() {
		if err := h.node.Notify(op, []byte(what), ""); err != nil {
			slog.Error("realtime: "+op, "of", what, "error", err)
		}
	})
}

func (h *Hub) notified(e centrifuge.NotificationEvent) {
	switch e.Op {
	case recheckOp:
		h.recheck(string(e.Data))
	case recheckCompanyOp:
		company, _ := strconv.ParseInt(string(e.Data), 10, 64) // no company is 0
		for _, channel := range h.listeners.channelsOf(company) {
			h.recheck(channel)
		}
	}
}

func (h *Hub) recheck(channel string) {
	for _, one := range h.listeners.hearing(channel) {
		one.asked.Store(true)
		go one.recheck()
	}
}

// recheck unsubscribes who may not hear the channel any more. When that cannot
// be told now, the client is made to ask again itself.
func (l *listener) recheck() {
	switch err := l.right.subscribe(context.WithoutCancel(l.client.Context()), l.channel); err {
	case nil:
	case centrifuge.ErrorInternal:
		l.client.Unsubscribe(l.channel, centrifuge.Unsubscribe{Code: centrifuge.UnsubscribeCodeInsufficient, Reason: string(fault.Unavailable)})
	default:
		l.client.Unsubscribe(l.channel, centrifuge.Unsubscribe{Code: centrifuge.UnsubscribeCodeServer, Reason: string(fault.Forbidden)})
	}
}

// listen lets a client hear a channel that it asks for, and keeps in mind that
// it does. Its right may end while it is being let in.
func (h *Hub) listen(ctx context.Context, client *centrifuge.Client, c *Connection) {
	client.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
		one := h.listeners.add(client, c, e.Channel)
		err := c.subscribe(ctx, e.Channel)
		if err != nil {
			h.listeners.remove(client, e.Channel)
		}
		reply(centrifuge.SubscribeReply{}, err)
		switch {
		case client.Context().Err() != nil: // the socket has ended meanwhile
			h.listeners.remove(client, e.Channel)
		case err == nil && one.asked.Load():
			one.recheck()
		}
	})
	client.OnUnsubscribe(func(e centrifuge.UnsubscribeEvent) { h.listeners.remove(client, e.Channel) })
}
