package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"parley/internal/channel"
	"parley/internal/platform/secret"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smtp"
)

// mail greets the mail server and leaves without a letter.
func (e *examination) mail(ctx context.Context) Finding {
	out, err := e.route(ctx, "mail", way{e.Config.SMTPURL, e.Config.MailFrom})
	if err != nil {
		return unknown(err)
	}
	if out.URL == "" {
		return warning("No mail server is set: no letters are sent, and nobody can register or recover a password by mail.", "Set PARLEY_SMTP_URL, or fill in the set-up page.")
	}
	server, err := smtp.Parse(out.URL)
	if err != nil {
		return problem("The address of the mail server is not understood.", "Write it as smtp://user:password@host:587, smtps://host:465 or smtp+plain://host:25.")
	}
	if from, err := mail.ParseAddress(out.From); err != nil {
		return problem(fmt.Sprintf("The sender of letters (%s) is no address.", out.From), "Write PARLEY_MAIL_FROM as Parley <no-reply@example.com>.")
	} else if strings.HasSuffix(from.Address, "@localhost") {
		return warning(fmt.Sprintf("Letters come from %s, which other mail servers refuse.", from.Address), "Set PARLEY_MAIL_FROM to an address of a domain that lets this mail server send.")
	}
	ctx, cancel := context.WithTimeout(ctx, e.Limits.Answer)
	defer cancel()
	if err := server.Check(ctx); err != nil {
		return problem(fmt.Sprintf("The mail server %s:%d takes no letters: %s.", server.Host, server.Port, words(err)),
			"See host, port, TLS, user and password of the address, and whether a firewall is in between. Letters wait meanwhile.")
	}
	return ok(fmt.Sprintf("The mail server %s:%d answers (%s).", server.Host, server.Port, map[string]string{"tls": "TLS", "starttls": "STARTTLS", "none": "without TLS"}[server.TLS]))
}

// sms reads the SMS route and, when asked to, binds.
func (e *examination) sms(ctx context.Context) Finding {
	out, err := e.route(ctx, "sms", way{URL: e.Config.SMSURL})
	if err != nil {
		return unknown(err)
	}
	if out.URL == "" {
		return warning("There is no route for SMS: phones are confirmed by letter.", "Set PARLEY_SMS_URL, or fill in the set-up page.")
	}
	settings, err := smpp.Parse(out.URL)
	if err != nil {
		return problem(err.Error()+".", "Write it as smpp://user:password@host:2775?sender=Name.")
	}
	if !e.Bind {
		return ok(fmt.Sprintf("Codes go to %s; --bind tries it.", settings.Address))
	}
	ctx, cancel := context.WithTimeout(ctx, e.Limits.Answer)
	defer cancel()
	if err := smpp.Check(ctx, settings); err != nil {
		return problem(fmt.Sprintf("The SMSC %s lets us not bind: %s.", settings.Address, words(err)),
			"See host, port, system id and password of PARLEY_SMS_URL. Some SMSCs allow a login one bind, which the server has.")
	}
	return ok(fmt.Sprintf("The SMSC %s takes a bind.", settings.Address))
}

// words are an error's detail for whoever runs the machine.
func words(err error) string {
	var e *channel.SendError
	if errors.As(err, &e) && e.Detail != "" {
		return e.Detail
	}
	return err.Error()
}

// way is a way out of the installation.
type way struct{ URL, From string }

// route returns a way out: from the settings, or the one that the set-up page
// has sealed.
func (e *examination) route(ctx context.Context, kind string, set way) (way, error) {
	if set.URL != "" || !e.tables {
		return set, nil
	}
	sealed, err := e.db.Route(ctx, kind)
	if err != nil || sealed == nil {
		return way{}, err
	}
	box, err := secret.Read(e.Config.KeyFile)
	if err != nil {
		return way{}, err
	}
	plain, err := box.Open(sealed, secret.Place{Table: "delivery_route", Row: kind})
	if err != nil {
		return way{}, err
	}
	var stored way
	err = json.Unmarshal(plain, &stored)
	return stored, err
}
