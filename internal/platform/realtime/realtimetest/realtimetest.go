// Package realtimetest is a small client of the realtime protocol (centrifuge,
// JSON over WebSocket) for tests and benches.
package realtimetest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Client is one connected socket.
type Client struct {
	Hello json.RawMessage // data of the connect answer
	// Publications receives what the server pushes; when it is full, the
	// reader waits. It is closed when the socket ends.
	Publications chan Publication
	// Unsubscribed receives the channels that the server takes away.
	Unsubscribed chan string

	conn    *websocket.Conn
	next    atomic.Int64
	mu      sync.Mutex
	waiting map[int64]chan reply
	closed  chan struct{}
	err     error
}

// Publication is a push.
type Publication struct {
	Channel string
	Data    json.RawMessage
}

// Error is an error of the protocol; Message is a fault's code.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

type reply struct {
	ID      int64  `json:"id"`
	Error   *Error `json:"error"`
	Connect *struct {
		Data json.RawMessage `json:"data"`
	} `json:"connect"`
	RPC *struct {
		Data json.RawMessage `json:"data"`
	} `json:"rpc"`
	Push *struct {
		Channel string `json:"channel"`
		Pub     *struct {
			Data json.RawMessage `json:"data"`
		} `json:"pub"`
		Unsubscribe *struct{} `json:"unsubscribe"`
	} `json:"push"`
}

// Connect opens a socket. request is the connect command, such as
// {"token": …} or {"data": {"company": 1}}.
func Connect(ctx context.Context, url string, header http.Header, request any) (*Client, error) {
	url = strings.Replace(url, "http", "ws", 1)
	conn, answer, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPHeader: header, CompressionMode: websocket.CompressionDisabled})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	c := &Client{conn: conn, Publications: make(chan Publication, 1024), Unsubscribed: make(chan string, 16), waiting: map[int64]chan reply{}, closed: make(chan struct{})}
	go c.read()
	got, err := c.ask(ctx, "connect", request)
	if err != nil {
		c.Close()
		return nil, err
	}
	if got.Connect != nil {
		c.Hello = got.Connect.Data
	}
	return c, nil
}

// Call asks for a method and decodes the answer into out, unless out is nil.
func (c *Client) Call(ctx context.Context, method string, in, out any) error {
	got, err := c.ask(ctx, "rpc", map[string]any{"method": method, "data": in})
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(got.RPC.Data, out)
}

// Subscribe asks to hear a channel.
func (c *Client) Subscribe(ctx context.Context, channel string) error {
	_, err := c.ask(ctx, "subscribe", map[string]any{"channel": channel})
	return err
}

// Publish tries to speak to a channel, which clients may not.
func (c *Client) Publish(ctx context.Context, channel string, data any) error {
	_, err := c.ask(ctx, "publish", map[string]any{"channel": channel, "data": data})
	return err
}

// Next waits for the next publication.
func (c *Client) Next(ctx context.Context) (Publication, error) {
	select {
	case p, ok := <-c.Publications:
		if !ok {
			return p, c.err
		}
		return p, nil
	case <-ctx.Done():
		return Publication{}, ctx.Err()
	}
}

// Closed is closed when the socket has ended; Err then says why.
func (c *Client) Closed() <-chan struct{} { return c.closed }

// Err returns why the socket ended.
func (c *Client) Err() error { return c.err }

// Close ends the socket.
func (c *Client) Close() { _ = c.conn.CloseNow() }

func (c *Client) ask(ctx context.Context, command string, in any) (reply, error) {
	id := c.next.Add(1)
	answer := make(chan reply, 1)
	c.mu.Lock()
	c.waiting[id] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
	}()
	data, err := json.Marshal(map[string]any{"id": id, command: in})
	if err != nil {
		return reply{}, err
	}
	if err := c.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return reply{}, err
	}
	select {
	case r := <-answer:
		if r.Error != nil {
			return r, r.Error
		}
		return r, nil
	case <-c.closed:
		return reply{}, errors.Join(errors.New("socket ended"), c.err)
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

func (c *Client) read() {
	defer close(c.Publications)
	defer close(c.closed)
	for {
		_, data, err := c.conn.Read(context.Background())
		if err != nil {
			c.err = err
			return
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			c.handle(lines.Bytes())
		}
	}
}

func (c *Client) handle(line []byte) {
	if string(line) == "{}" { // a ping
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = c.conn.Write(ctx, websocket.MessageText, []byte("{}"))
		return
	}
	var r reply
	if json.Unmarshal(line, &r) != nil {
		return
	}
	if r.Push != nil && r.Push.Pub != nil {
		c.Publications <- Publication{r.Push.Channel, bytes.Clone(r.Push.Pub.Data)}
		return
	}
	if r.Push != nil && r.Push.Unsubscribe != nil {
		c.Unsubscribed <- r.Push.Channel
		return
	}
	c.mu.Lock()
	answer := c.waiting[r.ID]
	c.mu.Unlock()
	if answer != nil {
		answer <- r
	}
}
