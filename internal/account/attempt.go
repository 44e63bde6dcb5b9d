package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

// The rule of failed sign-ins: so many in a span lock for as long again.
const (
	loginFailures   = 5
	addressFailures = 30
	failureSpan     = 15 * time.Minute
	longestPause    = time.Second
)

// attempt is a sign-in in progress. It was counted as a failure before the
// password is looked at: of guesses that run side by side only as many get so
// far as the limit allows. A right password takes its count back.
type attempt struct {
	at       time.Time
	login    string // subject: what was typed
	account  string // subject: whom it leads to
	address  string // subject: where it came from
	userID   int64  // 0: nobody
	pause    time.Duration
	barred   bool // the account is locked by attempts under its other login
	lastOne  bool // its failure locks the account
	lockedTo time.Time
}

// newAttempt names the subjects. A login that leads nowhere gets an account
// subject of its own, so that the same rows are touched either way.
func newAttempt(at time.Time, login string, userID int64, network string) *attempt {
	typed := digest("login", login)
	account := digest("nobody", login)
	if userID != 0 {
		account = digest("user", strconv.FormatInt(userID, 10))
	}
	return &attempt{at: at, login: typed, account: account, address: "ip:" + network, userID: userID}
}

// digest keeps logins, and passwords typed into the wrong field, out of the
// table.
func digest(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + value))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

var errRefused = errors.New("attempt refused")

// count notes the attempt, or returns a locked fault.
//
// A lock shows only under the login and the address that earned it. Were a
// lock under somebody's email to show under their phone, anyone could learn
// that the two belong together; so there the attempt goes on and fails.
func (s *Service) count(ctx context.Context, a *attempt) error {
	var locked time.Time
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		rows, err := q.CountAttempt(ctx, accountdb.CountAttemptParams{
			Now: a.at, Since: a.at.Add(-failureSpan), ForgetAt: a.at.Add(failureSpan), Subjects: []string{a.login, a.account, a.address},
		})
		if err != nil {
			return fmt.Errorf("count attempt: %w", err)
		}
		var full []string
		for _, row := range rows {
			n, limit := int(row.Attempts), a.limit(row.Subject)
			switch {
			case row.LockedUntil != nil && row.Subject == a.account:
				a.barred = true
				continue
			case row.LockedUntil != nil:
				locked = *row.LockedUntil
				return errRefused
			case n >= limit:
				full = append(full, row.Subject)
				a.lastOne = a.lastOne || row.Subject == a.account
			}
			a.pause = max(a.pause, slowDown(n, limit))
		}
		a.lockedTo = a.at.Add(failureSpan)
		if len(full) == 0 {
			return nil
		}
		return q.LockSubjects(ctx, accountdb.LockSubjectsParams{LockedUntil: a.lockedTo, Subjects: full})
	})
	if errors.Is(err, errRefused) {
		return fault.New(fault.Locked, "Too many failed attempts. Try again later.").After(locked.Sub(a.at))
	}
	return err
}

func (a *attempt) limit(subject string) int {
	if subject == a.address {
		return addressFailures
	}
	return loginFailures
}

// slowDown grows from the middle of the limit on. The pause comes before the
// password is looked at, so hanging up early saves a guesser nothing.
func slowDown(n, limit int) time.Duration {
	free := limit / 2
	return longestPause * time.Duration(max(0, n-free)) / time.Duration(limit-free)
}

// takeBackTx uncounts an attempt that was no guess.
func (a *attempt) takeBackTx(ctx context.Context, tx *db.Tx, subjects ...string) error {
	q := accountdb.New(tx)
	if err := q.TakeSubjects(ctx, []string{a.login, a.account, a.address}); err != nil {
		return fmt.Errorf("lock attempts: %w", err)
	}
	if err := q.TakeBackAttempt(ctx, accountdb.TakeBackAttemptParams{At: a.at, Subjects: subjects}); err != nil {
		return fmt.Errorf("take attempt back: %w", err)
	}
	return nil
}

// succeedTx forgets what failed before: whoever knows the password was not
// guessing. The address keeps the failures under other logins.
func (a *attempt) succeedTx(ctx context.Context, tx *db.Tx) error {
	if err := a.takeBackTx(ctx, tx, a.address); err != nil {
		return err
	}
	if err := accountdb.New(tx).ForgetFailures(ctx, []string{a.login, a.account}); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}

// failed tells when this failure has locked a login, whether or not anybody
// has it, because the telling takes time.
func (s *Service) failed(ctx context.Context, a *attempt, ip string) error {
	if a.lastOne {
		err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
			return events.PublishTx(ctx, tx, 0, Locked{UserID: a.userID, IP: ip, Until: a.lockedTo})
		})
		if err != nil {
			return err
		}
	}
	return fault.New(fault.WrongCredentials, "The login or the password is wrong.")
}
