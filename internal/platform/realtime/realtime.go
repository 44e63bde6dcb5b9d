package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Connection is what the application decides about a socket when it opens.
type Connection struct {
	Company  int64
	User     int64    // an operator; 0 for a visitor
	Visitor  string   // a visitor; empty for an operator
	Channels []string // subscribed by the server

	// Expires is when the right to be connected must be shown again.
	Expires time.Time
	// Refresh checks the right again, with a new token where the client has
	// one, and returns the next expiry.
	Refresh func(ctx context.Context, token string) (time.Time, error)
	// May returns nil when the client may hear a channel it asks for. A fault
	// is no for good; after any other error the client asks again. Without May
	// it may hear none.
	May func(ctx context.Context, channel string) error
	// Call answers a request of the client; nil answers none. Its context
	// outlives the socket, so that a message is stored even when the visitor's
	// network drops while it is on its way.
	Call func(ctx context.Context, method string, data []byte) (any, error)
	// Hello is sent with the answer to the connect request.
	Hello any
}

// Accept decides about a socket. data and token are what the client sent.
type Accept func(ctx context.Context, token string, data []byte) (Connection, error)

// Options configures a hub.
type Options struct {
	// Cluster, when set, is the database through which nodes tell each other.
	Cluster *db.DB
	// Metrics is where the hub's counters are registered; nil keeps them apart.
	Metrics *prometheus.Registry
}

// Hub delivers publications to the sockets of this and other nodes.
type Hub struct {
	node      *centrifuge.Node
	broker    *clusterBroker
	listeners *listeners

	paused atomic.Bool

	mu        sync.Mutex
	operators map[int64]map[int64]int // company → user → sockets
}

const (
	callTimeout    = 10 * time.Second
	unavailableFor = 2 * time.Second // without the database, another try makes sense then
	maxFrame       = 64 << 10
)

// New returns a running hub.
func New(o Options) (*Hub, error) {
	registry := o.Metrics
	if registry == nil {
		registry = prometheus.NewRegistry()
	}
	node, err := centrifuge.New(centrifuge.Config{
		Name:               "parley",
		LogLevel:           centrifuge.LogLevelError,
		LogHandler:         func(e centrifuge.LogEntry) { slog.Error("realtime: "+e.Message, "fields", fmt.Sprint(e.Fields)) },
		ClientQueueMaxSize: 1 << 20,
		ClientChannelLimit: 16,
		ChannelMaxLength:   128,
		// Each socket costs memory, and a person has few windows.
		UserConnectionLimit: socketsOfOne,
		Metrics:             centrifuge.MetricsConfig{MetricsNamespace: "parley_realtime", RegistererGatherer: registry},
	})
	if err != nil {
		return nil, fmt.Errorf("new realtime node: %w", err)
	}
	h := &Hub{node: node, listeners: newListeners(), operators: map[int64]map[int64]int{}}
	if o.Cluster != nil {
		h.broker = newClusterBroker(node.ID(), o.Cluster)
		node.SetBroker(h.broker)
		node.SetController(h.broker)
	}
	node.OnConnecting(connecting)
	node.OnConnect(h.connected)
	node.OnNotification(h.notified)
	if err := node.Run(); err != nil {
		return nil, fmt.Errorf("run realtime node: %w", err)
	}
	if h.broker != nil {
		h.broker.start()
	}
	return h, nil
}

// Close ends all sockets; their clients connect to another node.
func (h *Hub) Close(ctx context.Context) error {
	err := h.node.Shutdown(ctx)
	if h.broker != nil {
		h.broker.close()
	}
	return err
}

// Pause ends all sockets of this node and opens none until Resume. A node that
// cannot store or look up anything is no use to a browser, and one without a
// socket says so, keeps what it has to send and reads again what it missed.
func (h *Hub) Pause() {
	h.paused.Store(true)
	for _, client := range h.node.Hub().Connections() {
		client.Disconnect(centrifuge.DisconnectServerError)
	}
}

// Resume lets sockets be opened again.
func (h *Hub) Resume() { h.paused.Store(false) }

// Publish sends payload, as JSON, to a channel. A payload of type []byte or
// json.RawMessage is JSON already.
func (h *Hub) Publish(channel string, payload any) {
	if data, ok := encode(payload); ok {
		h.send(channel, data)
	}
}

// PublishTx publishes once tx has been committed.
func (h *Hub) PublishTx(tx *db.Tx, channel string, payload any) {
	if data, ok := encode(payload); ok {
		tx.AfterCommit(func() { h.send(channel, data) })
	}
}

func encode(payload any) ([]byte, bool) {
	switch p := payload.(type) {
	case []byte:
		return p, true
	case json.RawMessage:
		return p, true
	}
	data, err := json.Marshal(payload)
	if err != nil {
		slog.Error("realtime: payload is no JSON", "error", err)
	}
	return data, err == nil
}

func (h *Hub) send(channel string, data []byte) {
	if _, err := h.node.Publish(channel, data); err != nil {
		slog.Warn("realtime: hint was lost", "channel", channel, "error", err)
	}
}

// DisconnectUser ends the user's sockets on all nodes. Browsers connect again
// at once, and those that are no longer signed in are refused.
func (h *Hub) DisconnectUser(userID int64) {
	if err := h.node.Disconnect(userKey(userID), centrifuge.WithCustomDisconnect(centrifuge.DisconnectForceReconnect)); err != nil {
		slog.Error("realtime: disconnect", "user", userID, "error", err)
	}
}

// Connected lists the operators of a company with a socket on this node.
func (h *Hub) Connected(company int64) []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]int64, 0, len(h.operators[company]))
	for user := range h.operators[company] {
		out = append(out, user)
	}
	return out
}

// Companies lists the companies with an operator's socket on this node.
func (h *Hub) Companies() []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]int64, 0, len(h.operators))
	for company := range h.operators {
		out = append(out, company)
	}
	return out
}

func userKey(userID int64) string { return "u" + strconv.FormatInt(userID, 10) }

// socketsOfOne is how many sockets a user of a company, or a visitor, may hold
// open at a node.
const socketsOfOne = 200

type acceptKey struct{}

type connectionKey struct{}

// Handlers returns the WebSocket and its fallbacks below a path, all of which
// ask accept. Only pages of our own origin may open a socket.
func (h *Hub) Handlers(prefix string, accept Accept) map[string]http.Handler {
	ping := centrifuge.PingPongConfig{PingInterval: 25 * time.Second, PongTimeout: 10 * time.Second}
	with := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if h.paused.Load() {
				w.Header().Set("Retry-After", "2")
				http.Error(w, "The service cannot reach its database. Try again in a moment.", http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), acceptKey{}, accept)))
		})
	}
	return map[string]http.Handler{
		prefix + "/websocket": with(centrifuge.NewWebsocketHandler(h.node, centrifuge.WebsocketConfig{
			ReadBufferSize: 0, WriteBufferSize: 1024, UseWriteBufferPool: true, MessageSizeLimit: maxFrame, PingPongConfig: ping,
		})),
		prefix + "/sse":         with(centrifuge.NewSSEHandler(h.node, centrifuge.SSEConfig{PingPongConfig: ping, MaxRequestBodySize: maxFrame})),
		prefix + "/http_stream": with(centrifuge.NewHTTPStreamHandler(h.node, centrifuge.HTTPStreamConfig{PingPongConfig: ping, MaxRequestBodySize: maxFrame})),
		prefix + "/emulation":   with(centrifuge.NewEmulationHandler(h.node, centrifuge.EmulationConfig{MaxRequestBodySize: maxFrame})),
	}
}

func connecting(ctx context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	accept, ok := ctx.Value(acceptKey{}).(Accept)
	if !ok {
		return centrifuge.ConnectReply{}, centrifuge.DisconnectServerError
	}
	c, err := accept(ctx, e.Token, e.Data)
	if err != nil {
		return centrifuge.ConnectReply{}, refusal(err)
	}
	reply := centrifuge.ConnectReply{
		Context:           context.WithValue(ctx, connectionKey{}, &c),
		Credentials:       &centrifuge.Credentials{UserID: c.key()},
		Subscriptions:     map[string]centrifuge.SubscribeOptions{},
		ClientSideRefresh: c.Visitor != "",
	}
	if !c.Expires.IsZero() {
		reply.Credentials.ExpireAt = c.Expires.Unix()
	}
	for _, channel := range c.Channels {
		reply.Subscriptions[channel] = centrifuge.SubscribeOptions{}
	}
	if c.Hello != nil {
		if reply.Data, err = json.Marshal(c.Hello); err != nil {
			return centrifuge.ConnectReply{}, centrifuge.DisconnectServerError
		}
	}
	return reply, nil
}

func (c *Connection) key() string {
	if c.Visitor != "" {
		return "v" + c.Visitor
	}
	return userKey(c.User)
}

func (h *Hub) connected(client *centrifuge.Client) {
	c, ok := client.Context().Value(connectionKey{}).(*Connection)
	if !ok {
		client.Disconnect(centrifuge.DisconnectServerError)
		return
	}
	ctx := context.WithoutCancel(client.Context())
	h.count(c, 1)
	client.OnDisconnect(func(centrifuge.DisconnectEvent) {
		h.count(c, -1)
		h.listeners.forget(client)
	})
	client.OnRefresh(func(e centrifuge.RefreshEvent, reply centrifuge.RefreshCallback) {
		expires, err := c.Refresh(ctx, e.Token)
		if err != nil {
			reply(centrifuge.RefreshReply{Expired: true}, nil)
			return
		}
		reply(centrifuge.RefreshReply{ExpireAt: expires.Unix()}, nil)
	})
	h.listen(ctx, client, c)
	client.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
		reply(c.call(ctx, e))
	})
}

// subscribe tells a client that may not hear a channel from one that asked at
// a bad moment: the second must not give the channel up.
func (c *Connection) subscribe(ctx context.Context, channel string) error {
	if c.May == nil {
		return centrifuge.ErrorPermissionDenied
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := c.May(ctx, channel)
	switch {
	case err == nil:
		return nil
	case fault.CodeOf(err) == fault.Internal:
		slog.Warn("realtime: subscribe", "channel", channel, "error", err)
		return centrifuge.ErrorInternal
	}
	return centrifuge.ErrorPermissionDenied
}

func (c *Connection) call(ctx context.Context, e centrifuge.RPCEvent) (centrifuge.RPCReply, error) {
	if c.Call == nil {
		return centrifuge.RPCReply{}, centrifuge.ErrorMethodNotFound
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.Call(ctx, e.Method, e.Data)
	if err != nil {
		return centrifuge.RPCReply{}, rpcError(err)
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return centrifuge.RPCReply{}, rpcError(err)
	}
	return centrifuge.RPCReply{Data: data}, nil
}

func (h *Hub) count(c *Connection, by int) {
	if c.User == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	users := h.operators[c.Company]
	if users == nil {
		users = map[int64]int{}
		h.operators[c.Company] = users
	}
	if users[c.User] += by; users[c.User] <= 0 {
		delete(users, c.User)
	}
	if len(users) == 0 {
		delete(h.operators, c.Company)
	}
}

// refusal says in the protocol why a socket was not opened: for good, or to be
// tried again.
func refusal(err error) error {
	switch fault.CodeOf(err) {
	case fault.Unauthenticated, fault.NotFound, fault.Forbidden, fault.Invalid:
		return centrifuge.DisconnectInvalidToken
	}
	slog.Error("realtime: connect", "error", err)
	return centrifuge.ErrorInternal
}

// The protocol reserves codes below 400; ours begin at 1000 and the message is
// the fault's code. An error of the protocol has no other members, so that the
// time of another try follows the code: "rate_limited;retry_after=12", seconds.
func rpcError(err error) error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return &centrifuge.Error{Code: 1000, Message: withRetry(f.Code, f.RetryAfter)}
	case db.Unavailable(err):
		return &centrifuge.Error{Code: 1503, Message: withRetry(fault.Unavailable, unavailableFor), Temporary: true}
	}
	slog.Error("realtime: call failed", "error", err)
	return &centrifuge.Error{Code: 1500, Message: string(fault.Internal), Temporary: true}
}

func withRetry(code fault.Code, after time.Duration) string {
	if after <= 0 {
		return string(code)
	}
	return fmt.Sprintf("%s;retry_after=%d", code, int(math.Ceil(after.Seconds())))
}
