package realtime

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/google/uuid"

	"parley/internal/platform/db"
)

const (
	topic        = "parley_realtime"
	maxNotify    = 7900 // bytes; Postgres refuses 8000 and more
	queueLength  = 16384
	reconnect    = 200 * time.Millisecond
	keepOverflow = time.Minute
)

// clusterBroker joins nodes through notifications of the database they share.
// Publications reach this node's sockets at once and the other nodes' in
// batches, in order, at most once. Orders, such as to end a user's sockets, are
// kept until the database has taken them, before any publication and at least
// once. What a node misses while it cannot listen it makes good itself: the right
// of each socket is asked for again every minute.
type clusterBroker struct {
	nodeID    string
	db        *db.DB
	events    centrifuge.BrokerEventHandler
	control   centrifuge.ControlEventHandler
	subscribe sync.Map // channel → struct{}: what this node's sockets hear
	queue     chan item
	dropped   atomic.Int64
	orders    orders
	stop      context.CancelFunc
	done      sync.WaitGroup
}

// item is one publication or control command on its way to other nodes.
type item struct {
	Channel string          `json:"c,omitempty"`
	Data    json.RawMessage `json:"d,omitempty"`
	Control []byte          `json:"x,omitempty"`
	To      string          `json:"t,omitempty"` // a node; empty is all
	Stored  string          `json:"s,omitempty"` // id of an item too large for a notification
}

type envelope struct {
	From  string `json:"f"`
	Items []item `json:"i"`
}

func newClusterBroker(nodeID string, d *db.DB) *clusterBroker {
	return &clusterBroker{nodeID: nodeID, db: d, queue: make(chan item, queueLength), orders: orders{bell: make(chan struct{}, 1)}}
}

func (b *clusterBroker) start() {
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.done.Add(2)
	go b.speak(ctx)
	go b.listen(ctx)
}

func (b *clusterBroker) close() {
	b.stop()
	b.done.Wait()
}

func (b *clusterBroker) RegisterBrokerEventHandler(h centrifuge.BrokerEventHandler) error {
	b.events = h
	return nil
}

func (b *clusterBroker) RegisterControlEventHandler(h centrifuge.ControlEventHandler) error {
	b.control = h
	return nil
}

func (b *clusterBroker) Subscribe(channel string) error {
	b.subscribe.Store(channel, struct{}{})
	return nil
}

func (b *clusterBroker) Unsubscribe(channel string) error {
	b.subscribe.Delete(channel)
	return nil
}

func (b *clusterBroker) Publish(channel string, data []byte, _ centrifuge.PublishOptions) (centrifuge.StreamPosition, bool, error) {
	b.enqueue(item{Channel: channel, Data: data})
	return centrifuge.StreamPosition{}, false, b.deliver(channel, data)
}

func (b *clusterBroker) PublishControl(data []byte, nodeID, _ string) error {
	b.orders.put(item{Control: data, To: nodeID})
	if nodeID == "" || nodeID == b.nodeID {
		return b.control.HandleControl(data)
	}
	return nil
}

func (b *clusterBroker) PublishJoin(string, *centrifuge.ClientInfo) error  { return nil }
func (b *clusterBroker) PublishLeave(string, *centrifuge.ClientInfo) error { return nil }

func (b *clusterBroker) History(string, centrifuge.HistoryOptions) ([]*centrifuge.Publication, centrifuge.StreamPosition, error) {
	return nil, centrifuge.StreamPosition{}, centrifuge.ErrorNotAvailable
}

func (b *clusterBroker) RemoveHistory(string) error { return centrifuge.ErrorNotAvailable }

func (b *clusterBroker) deliver(channel string, data []byte) error {
	if _, heard := b.subscribe.Load(channel); !heard {
		return nil
	}
	return b.events.HandlePublication(channel, &centrifuge.Publication{Data: data}, centrifuge.StreamPosition{}, false, nil)
}

// enqueue never blocks a request: hints may be lost, clients see the gap.
func (b *clusterBroker) enqueue(i item) {
	select {
	case b.queue <- i:
	default:
		b.dropped.Add(1)
	}
}

// orders are control commands that other nodes have not been told yet.
type orders struct {
	mu      sync.Mutex
	waiting []item
	bell    chan struct{}
}

const (
	mostOrders   = 65536 // more than come while the database is away for a day; then the oldest go
	ordersAtOnce = 16
)

func (o *orders) put(i item) {
	o.mu.Lock()
	o.waiting = append(o.waiting, i)
	if len(o.waiting) > mostOrders {
		o.waiting = o.waiting[1:]
	}
	o.mu.Unlock()
	o.ring()
}

func (o *orders) ring() {
	select {
	case o.bell <- struct{}{}:
	default:
	}
}

// first returns the oldest, which stay until they are done.
func (o *orders) first() []item {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.waiting[:min(len(o.waiting), ordersAtOnce)])
}

func (o *orders) done(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = o.waiting[n:]
}

// order tells other nodes what waits, again and again until the database has
// taken it.
func (b *clusterBroker) order(ctx context.Context) {
	for {
		items := b.orders.first()
		if len(items) == 0 {
			return
		}
		data, _ := json.Marshal(envelope{From: b.nodeID, Items: items})
		if b.notify(ctx, data) == nil {
			b.orders.done(len(items))
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(reconnect):
		}
	}
}

func (b *clusterBroker) speak(ctx context.Context) {
	defer b.done.Done()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.orders.bell:
			b.order(ctx)
		case first := <-b.queue:
			_ = b.notify(ctx, b.batch(ctx, first))
		}
		if n := b.dropped.Swap(0); n > 0 {
			slog.Warn("realtime: hints for other nodes were dropped", "count", n)
		}
	}
}

// batch gathers what waits, up to the size of one notification.
func (b *clusterBroker) batch(ctx context.Context, first item) []byte {
	e := envelope{From: b.nodeID}
	size := len(b.nodeID) + 16
	for next := &first; next != nil; {
		one := b.shrink(ctx, *next)
		e.Items = append(e.Items, one)
		size += one.size()
		next = nil
		if size < maxNotify/2 {
			select {
			case more := <-b.queue:
				next = &more
			default:
			}
		}
	}
	data, _ := json.Marshal(e)
	return data
}

func (i item) size() int { return len(i.Channel) + len(i.Data) + len(i.Control)*4/3 + len(i.To) + 48 }

// shrink stores an item of more than half a notification in a table.
func (b *clusterBroker) shrink(ctx context.Context, i item) item {
	if i.size() < maxNotify/2 {
		return i
	}
	data, _ := json.Marshal(i)
	id := uuid.NewString()
	_, err := b.db.Worker().Exec(ctx, `
		WITH old AS (DELETE FROM realtime_overflow WHERE at < now() - $3::interval)
		INSERT INTO realtime_overflow (id, item, at) VALUES ($1, $2, now())`, id, data, keepOverflow)
	if err != nil {
		slog.Warn("realtime: large hint was lost", "error", err)
		return item{}
	}
	return item{Stored: id}
}

func (b *clusterBroker) notify(ctx context.Context, data []byte) error {
	_, err := b.db.Worker().Exec(ctx, "SELECT pg_notify($1, $2)", topic, string(data))
	if err != nil && ctx.Err() == nil {
		slog.Warn("realtime: hints for other nodes were not told", "error", err)
	}
	return err
}

// listen holds one connection for as long as the node lives.
func (b *clusterBroker) listen(ctx context.Context) {
	defer b.done.Done()
	for ctx.Err() == nil {
		err := b.db.Listen(ctx, topic, func(payload string) { b.receive(ctx, payload) })
		if ctx.Err() != nil {
			return
		}
		slog.Warn("realtime: lost the database's notifications, connecting again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

func (b *clusterBroker) receive(ctx context.Context, payload string) {
	var e envelope
	if err := json.Unmarshal([]byte(payload), &e); err != nil {
		slog.Error("realtime: notification is no envelope", "error", err)
		return
	}
	if e.From == b.nodeID {
		return
	}
	for _, i := range e.Items {
		if i.Stored != "" {
			i = b.fetch(ctx, i.Stored)
		}
		switch {
		case i.Channel != "":
			_ = b.deliver(i.Channel, i.Data)
		case i.Control != nil && (i.To == "" || i.To == b.nodeID):
			_ = b.control.HandleControl(i.Control)
		}
	}
}

func (b *clusterBroker) fetch(ctx context.Context, id string) (i item) {
	var data []byte
	err := b.db.Worker().QueryRow(ctx, "SELECT item FROM realtime_overflow WHERE id = $1", id).Scan(&data)
	if err == nil {
		err = json.Unmarshal(data, &i)
	}
	if err != nil {
		slog.Warn("realtime: large hint was lost", "error", err)
	}
	return i
}
