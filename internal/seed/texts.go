package seed

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/messaging"
)

// Networks are the text networks of the demo, as URLs. Only fakes on this
// machine are used: the demo never writes to anybody's telephone.
type Networks struct {
	SMS      string // of an SMSC; empty: none
	Mail     string // of a mail server
	MailFrom string // sender of letters
}

// deliverWithin is how long the demo's messages may take: what is not delivered
// by then goes on when the server runs.
const (
	deliverWithin = 5 * time.Second
	lookAfter     = 100 * time.Millisecond
)

// texting gives the platform its gateways and the bakery contacts, campaigns
// and messages, and sends what should be sent when there are networks.
func (s *seeder) texting(ctx context.Context, n Networks) error {
	sms, mail := fake(n.SMS), fake(n.Mail)
	for _, g := range []struct {
		address string
		form    connection.GatewayForm
	}{
		{sms, connection.GatewayForm{Channel: connection.SMS, Name: "Demo SMSC", URL: n.SMS, Sender: "Parley"}},
		{mail, connection.GatewayForm{Channel: connection.Email, Name: "Demo mail", URL: n.Mail, Sender: n.MailFrom}},
	} {
		if g.address == "" {
			continue
		}
		if _, err := s.app.Gateways.Add(ctx, s.platform.owner, g.form); err != nil {
			return fmt.Errorf("gateway %s: %w", g.form.Name, err)
		}
	}
	owner := s.bakery.owner
	list, err := s.guests(ctx, owner)
	if err != nil {
		return fmt.Errorf("contact list: %w", err)
	}
	if _, err := s.app.Messaging.Create(ctx, owner, draftCampaign(list)); err != nil {
		return fmt.Errorf("draft campaign: %w", err)
	}
	if !answers(ctx, sms) {
		return nil
	}
	return s.deliver(ctx, owner, list, answers(ctx, mail))
}

// fake returns the host and port of a network on this machine; empty when it is
// elsewhere or nowhere.
func fake(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" {
		return ""
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback()) {
		return ""
	}
	return u.Host
}

func answers(ctx context.Context, address string) bool {
	if address == "" {
		return false
	}
	dialer := net.Dialer{Timeout: time.Second}
	c, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// guests imports the contact list, as people do: from a file.
func (s *seeder) guests(ctx context.Context, owner access.Actor) (uuid.UUID, error) {
	var file strings.Builder
	file.WriteString("name,phone,email,street,code\n")
	for i, name := range guestNames {
		phone, email := fmt.Sprintf("+79120000%03d", 101+i), strings.ToLower(name)+"@guests.example"
		if i%12 == 11 {
			phone = "" // some can only be reached by letter
		}
		fmt.Fprintf(&file, "%s,%s,%s,%s,BREAD%02d\n", name, phone, email, guestStreets[i%len(guestStreets)], i+1)
	}
	upload, err := s.app.Importer.Upload(ctx, owner, "guests.csv", strings.NewReader(file.String()))
	if err != nil {
		return uuid.Nil, err
	}
	_, err = s.app.Importer.Start(ctx, owner, upload.ID, contact.Start{ListName: "Regular guests", Reading: upload.Reading, Mapping: upload.Mapping})
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := s.app.Importer.WorkOne(ctx); err != nil {
		return uuid.Nil, err
	}
	lists, err := s.app.Contacts.Lists(ctx, owner, "", nil, 1)
	if err != nil {
		return uuid.Nil, err
	}
	if len(lists) != 1 || lists[0].Contacts != len(guestNames) {
		return uuid.Nil, fmt.Errorf("the import of %d guests has made %v", len(guestNames), lists)
	}
	_, err = s.app.Contacts.Blacklist(ctx, owner, connection.SMS, []string{"+79120000103", "+79120000117"})
	return lists[0].ID, err
}

// deliver starts a campaign and sends single messages, and runs the service
// until they are delivered.
func (s *seeder) deliver(ctx context.Context, owner access.Actor, list uuid.UUID, letters bool) error {
	texts := s.app.Messaging
	campaign, err := texts.Create(ctx, owner, loafCampaign(list))
	if err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	if _, err := texts.Do(ctx, owner, campaign.ID, messaging.Start); err != nil {
		return fmt.Errorf("start campaign: %w", err)
	}
	single := make([]uuid.UUID, 0, len(singleTexts))
	for _, m := range singleTexts {
		if m.Channel == connection.Email && !letters {
			continue
		}
		sent, err := texts.Send(ctx, owner, m)
		if err != nil {
			return fmt.Errorf("message to %s: %w", m.To, err)
		}
		single = append(single, sent.ID)
	}
	tomorrow := s.clock.Now().Add(24 * time.Hour)
	_, err = texts.Send(ctx, owner, messaging.NewMessage{
		Channel: connection.SMS, To: "+79120000101", SendAt: &tomorrow, Text: "Your order 48130 will be ready at 10:00. Blue Bakery",
	})
	if err != nil {
		return fmt.Errorf("scheduled message: %w", err)
	}
	running, stop := context.WithTimeout(ctx, deliverWithin)
	defer stop()
	var loops sync.WaitGroup
	loops.Go(func() { texts.Run(running) })
	loops.Go(func() { texts.Feed(running) })
	err = s.await(running, owner, campaign.ID, single)
	stop()
	loops.Wait()
	return err
}

// await returns when all has ended, or when the time is up: then the server
// does the rest.
func (s *seeder) await(ctx context.Context, owner access.Actor, campaign uuid.UUID, single []uuid.UUID) error {
	for ctx.Err() == nil {
		ended, err := s.ended(ctx, owner, campaign, single)
		if ended || (err != nil && ctx.Err() == nil) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookAfter):
		}
	}
	return nil
}

func (s *seeder) ended(ctx context.Context, owner access.Actor, campaign uuid.UUID, single []uuid.UUID) (bool, error) {
	c, err := s.app.Messaging.CampaignByID(ctx, owner, campaign)
	if err != nil || c.State != messaging.Finished {
		return false, err
	}
	for _, n := range c.Counts {
		if n.Messages > 0 && !n.State.Final() {
			return false, nil
		}
	}
	for _, one := range single {
		m, err := s.app.Messaging.ByID(ctx, owner, one)
		// Nobody tells what becomes of a letter.
		if err != nil || (!m.State.Final() && (m.Channel != connection.Email || m.State != messaging.Sent)) {
			return false, err
		}
	}
	return true, nil
}
