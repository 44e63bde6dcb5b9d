package app

import (
	"context"

	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smtp"
)

// outbox lets accounts write to people through notify, which is made after them.
type outbox struct{ app *App }

func (o outbox) SMSCodeTx(ctx context.Context, tx *db.Tx, m account.SMSCode) error {
	return o.app.Notify.SMSCodeTx(ctx, tx, m)
}

func (o outbox) LetterTx(ctx context.Context, tx *db.Tx, l account.Letter) error {
	return o.app.Notify.LetterTx(ctx, tx, l)
}

// outgoing says how letters and codes leave: here the networks are chosen.
func (a *App) outgoing() notify.Options {
	o := a.options
	return notify.Options{
		Platform: o.PlatformName, Address: o.PublicURL, Secrets: o.Secrets, Files: o.Files, Log: o.Log,
		Mail: notify.MailRoute{URL: o.MailURL, From: o.MailFrom}, SMS: notify.SMSRoute{URL: o.SMSURL},
		Caps: o.CodeCaps, CodePrice: o.CodePrice,
		OpenMail: func(url string) (notify.Mailer, error) { return smtp.Parse(url) },
		OpenSMS: func(url string) (channel.Adapter, string, error) {
			s, err := smpp.Parse(url)
			if err != nil {
				return nil, "", err
			}
			return smpp.New(s, smpp.Options{Log: o.Log, SendOnly: true}), s.Name(), nil
		},
	}
}
