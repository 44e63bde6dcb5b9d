package notify

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// quietFor is how long nobody needs to have looked at a bind before it counts
// as gone.
const quietFor = 20 * time.Second

// Way is a way out of the installation as its page shows it, without secrets.
type Way struct {
	Set     bool
	Fixed   bool   // by the settings of the program
	Address string // without the password
	From    string // what letters or messages come from
	State   *WayState
}

// WayState is how a way out fares: a bind stands or not, the last letter was
// taken or not. Error is the last one, whether or not all is well again.
type WayState struct {
	Up        bool
	Node      string // the machine that says so
	Error     string
	ErrorAt   *time.Time
	ChangedAt time.Time
	SeenAt    time.Time
}

// Ways are both ways out.
type Ways struct{ Mail, SMS Way }

// Ways returns the ways out and how they fare.
func (s *Service) Ways(ctx context.Context, actor access.Actor) (Ways, error) {
	if err := mayRoute(actor); err != nil {
		return Ways{}, err
	}
	s.forgetRoutes()
	r, err := s.current(ctx, s.q)
	if err != nil {
		return Ways{}, err
	}
	w := Ways{
		Mail: Way{Set: r.mail.URL != "", Fixed: s.options.Mail.URL != "", Address: withoutPassword(r.mail.URL), From: r.mail.From},
		SMS:  Way{Set: r.sms.URL != "", Fixed: s.options.SMS.URL != "", Address: withoutPassword(r.sms.URL), From: r.sms.Sender},
	}
	rows, err := s.q.Ways(ctx)
	if err != nil {
		return Ways{}, fmt.Errorf("read states of routes: %w", err)
	}
	for _, row := range rows {
		if row.Kind == "mail" && w.Mail.Set {
			w.Mail.State = s.stateOf(row)
		}
		if row.Kind == "sms" && w.SMS.Set {
			w.SMS.State = s.stateOf(row)
		}
	}
	return w, nil
}

// stateOf is what a row says; a bind that nobody has looked at is none.
func (s *Service) stateOf(row notifydb.DeliveryState) *WayState {
	gone := row.Kind == "sms" && s.clock.Now().Sub(row.SeenAt) > quietFor
	return &WayState{
		Up: row.Up && !gone, Node: row.Node, Error: row.Error, ErrorAt: row.ErrorAt, ChangedAt: row.ChangedAt, SeenAt: row.SeenAt,
	}
}

func mayRoute(actor access.Actor) error {
	if actor.May(access.PlatformCompanies) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow this.")
}

// ChangeRoutes sets ways out. An empty URL keeps the one that is stored: its
// password is shown to nobody, so nobody can give it back. Faults name the
// fields mail_url, mail_from and sms_url.
func (s *Service) ChangeRoutes(ctx context.Context, actor access.Actor, r Routes) error {
	if err := mayRoute(actor); err != nil {
		return err
	}
	if err := s.inForce(ctx, &r); err != nil {
		return err
	}
	if r.Mail != nil && s.options.Mail.URL != "" || r.SMS != nil && s.options.SMS.URL != "" {
		return errFixed
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.SaveRoutesTx(ctx, tx, r); err != nil {
			return err
		}
		set := map[string]any{}
		if r.Mail != nil {
			set["mail"], set["mail_from"] = withoutPassword(r.Mail.URL), r.Mail.From
		}
		if r.SMS != nil {
			set["sms"], set["sms_sender"] = withoutPassword(r.SMS.URL), r.SMS.Sender
		}
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{Action: "routes.changed", Subject: "installation", New: set})
	})
}

var errFixed = fault.New(fault.Conflict, "The program's settings name this route, and it stays in force until they do not.").With("reason", "fixed")

// inForce puts the stored addresses where none is given.
func (s *Service) inForce(ctx context.Context, r *Routes) error {
	now, err := s.current(ctx, s.q)
	if err != nil {
		return err
	}
	if r.Mail != nil && r.Mail.URL == "" {
		r.Mail.URL = now.mail.URL
	}
	if r.SMS != nil && r.SMS.URL == "" {
		r.SMS.URL = now.sms.URL
	}
	return nil
}

// ForgetRoute takes a stored way out back: "mail" or "sms". Without a way for
// SMS telephones are confirmed by email.
func (s *Service) ForgetRoute(ctx context.Context, actor access.Actor, kind string) error {
	if err := mayRoute(actor); err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := notifydb.New(tx)
		n, err := q.ForgetRoute(ctx, kind)
		if err != nil {
			return fmt.Errorf("forget route: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "No such route is stored.")
		}
		if err := q.ForgetWay(ctx, kind); err != nil {
			return fmt.Errorf("forget state of route: %w", err)
		}
		tx.AfterCommit(s.forgetRoutes)
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{Action: "routes.removed", Subject: "installation", Old: map[string]any{"route": kind}})
	})
}

// TestMail sends a test letter by a route, or by the one in force when it names
// no URL, and passes on what the mail server says.
func (s *Service) TestMail(ctx context.Context, actor access.Actor, r MailRoute, to, language string) error {
	if err := mayRoute(actor); err != nil {
		return err
	}
	if _, err := mail.ParseAddress(to); err != nil {
		return fault.Field("to", fault.BadFormat, "This is no email address.")
	}
	if r.URL == "" {
		now, err := s.current(ctx, s.q)
		if err != nil {
			return err
		}
		if now.mail.URL == "" {
			return fault.Field("mail_url", fault.Required, "Enter the address of a mail server.")
		}
		r.URL = now.mail.URL
		if r.From == "" {
			r.From = now.mail.From
		}
	}
	return s.TryMail(ctx, r, to, language)
}

// TestSMS sends a test message by a route, and passes on what the network says.
// Without a URL it goes the way that codes go, over the one bind.
func (s *Service) TestSMS(ctx context.Context, actor access.Actor, r SMSRoute, to, language string) error {
	if err := mayRoute(actor); err != nil {
		return err
	}
	number, err := phone.Parse(to)
	if err != nil {
		return fault.Field("to", fault.BadFormat, "This is no phone number.")
	}
	if r.URL != "" {
		return s.TrySMS(ctx, r, number, language)
	}
	if ready, err := s.SMSReady(ctx); err != nil || !ready {
		return errors.Join(err, fault.Field("sms_url", fault.Required, "Enter the address of an SMSC."))
	}
	fact, err := s.insertTest(ctx, actor, number, language)
	if err != nil {
		return err
	}
	return s.awaitTest(ctx, fact)
}

const lookForTest = 100 * time.Millisecond

// insertTest stores a message that is sent like a code.
func (s *Service) insertTest(ctx context.Context, actor access.Actor, number, language string) (uuid.UUID, error) {
	now := s.clock.Now()
	row := notifydb.InsertCodeParams{
		ID: id.New(now), Kind: "test", Phone: number, Origin: actor.IP, Language: language, CreatedAt: now, ExpiresAt: now.Add(tryWithin),
	}
	row.Fact = row.ID
	var err error
	if row.Code, err = s.options.Secrets.Seal(nil, codePlace(row.ID)); err != nil {
		return row.Fact, err
	}
	if err := s.q.InsertCode(ctx, row); err != nil {
		return row.Fact, fmt.Errorf("insert test message: %w", err)
	}
	s.wake()
	return row.Fact, nil
}

// awaitTest waits until the network has taken a test message.
func (s *Service) awaitTest(ctx context.Context, fact uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, tryWithin+time.Second)
	defer cancel()
	for {
		code, err := s.Code(ctx, fact)
		switch {
		case err != nil:
			return err
		case code.State == "sent", code.State == "delivered":
			return nil
		case code.State == "failed", code.State == "expired":
			return fault.New(fault.Unavailable, "The message did not go out: %s", code.Reason)
		}
		select {
		case <-ctx.Done():
			return fault.New(fault.Unavailable, "The message did not go out yet: %s", reasonOf(code))
		case <-time.After(lookForTest):
		}
	}
}

func reasonOf(c CodeState) string {
	if c.Reason == "" {
		return "no node has a connection to the network"
	}
	return c.Reason
}

// withoutPassword is a URL as people may see it.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	return u.String()
}

// node names this machine.
func node() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// wayFails says whether an error of the mail server speaks of the way there, and
// not of one letter.
func wayFails(err error) bool {
	var e *channel.SendError
	return !errors.As(err, &e) || slices.Contains([]channel.Reason{channel.Unreachable, channel.BadCredentials, channel.SenderRefused}, e.Reason)
}
