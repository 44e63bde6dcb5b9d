package app

import (
	"context"
	"fmt"

	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/messaging"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smtp"
)

// mailConnections is how many connections a mail gateway opens at most.
const mailConnections = 16

// checkGateway reads the address of a network as people write it.
func checkGateway(ch, url string) (address string, err error) {
	if ch == connection.SMS {
		s, err := smpp.Parse(url)
		return s.Address, err
	}
	s, err := smtp.Parse(url)
	return fmt.Sprintf("%s:%d", s.Host, s.Port), err
}

// openGateway opens a way to a network: here the networks are chosen.
func (a *App) openGateway(w connection.Way) (messaging.Wire, error) {
	if w.Channel == connection.SMS {
		s, err := smpp.Parse(w.URL)
		if err != nil {
			return nil, err
		}
		if w.Speed > 0 {
			s.Rate = w.Speed
		}
		return shortMessages{smpp.New(s, smpp.Options{Log: a.options.Log})}, nil
	}
	s, err := smtp.Parse(w.URL)
	if err != nil {
		return nil, err
	}
	return letters{smtp.NewPool(s, mailConnections)}, nil
}

// shortMessages is an SMSC as messaging sees it.
type shortMessages struct{ *smpp.Adapter }

func (n shortMessages) Send(ctx context.Context, p messaging.Packet) (channel.Sent, error) {
	return n.Adapter.Send(ctx, channel.Message{ID: p.ID.String(), To: p.To, From: p.From, Text: p.Text, Lifetime: p.Lifetime})
}

// letters is a mail server as messaging sees it. It tells nothing about what
// becomes of a letter.
type letters struct{ pool *smtp.Pool }

func (n letters) Capabilities() channel.Capabilities { return channel.Capabilities{} }

func (n letters) State() (up bool, reason error) { return n.pool.State() }

func (n letters) Run(ctx context.Context, _ func(context.Context, []channel.Receipt) error) {
	n.pool.Run(ctx)
}

func (n letters) Send(ctx context.Context, p messaging.Packet) (channel.Sent, error) {
	id := p.ID.String()
	err := n.pool.Send(ctx, channel.Letter{ID: id + "@" + channel.Domain(p.From), From: p.From, To: p.To, Subject: p.Subject, Text: p.Text, HTML: p.HTML})
	if err != nil {
		return channel.Sent{}, err
	}
	return channel.Sent{IDs: []string{id}}, nil
}
