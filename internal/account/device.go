package account

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// keepDevices is how long an unused browser stays known.
const keepDevices = 365 * 24 * time.Hour

// noteDeviceTx tells the user by letter of a sign-in with a browser that is not
// one of theirs. The first one of all is no news.
func (s *Service) noteDeviceTx(ctx context.Context, tx *db.Tx, userID int64, c Credentials) error {
	q := accountdb.New(tx)
	agent := readAgent(c.UserAgent)
	sum := sha256.Sum256([]byte(withoutVersions(agent)))
	another, err := q.NoteDevice(ctx, accountdb.NoteDeviceParams{UserID: userID, Fingerprint: sum[:16], Now: s.now()})
	if err != nil {
		return fmt.Errorf("note device: %w", err)
	}
	if !another {
		return nil
	}
	user, err := q.UserByID(ctx, userID)
	if err != nil {
		return fmt.Errorf("read user: %w", err)
	}
	if !user.EmailConfirmed {
		return nil
	}
	err = s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: id.New(s.now()), Kind: "new_device", UserID: &userID, To: user.Email, Language: user.Language,
		Data: map[string]string{"Device": deviceName(agent), "IP": c.Address.String()},
	})
	if fault.Is(err, fault.Unavailable) {
		return nil // a sign-in does not wait for the way to send letters
	}
	return err
}

// withoutVersions makes a browser the same after its update.
func withoutVersions(agent string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == '_' {
			return -1
		}
		return r
	}, agent)
}

// These are what user agents contain, the telling ones first: most pretend to
// be others as well.
var (
	browsers = [][2]string{{"YaBrowser/", "Yandex Browser"}, {"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}}
)

// deviceName is how a letter calls a browser: "Firefox, Windows".
func deviceName(agent string) string {
	var parts []string
	for _, list := range [][][2]string{browsers, systems} {
		for _, one := range list {
			if strings.Contains(agent, one[0]) {
				parts = append(parts, one[1])
				break
			}
		}
	}
	if len(parts) == 0 {
		return "?"
	}
	return strings.Join(parts, ", ")
}
