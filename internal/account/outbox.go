package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Outbox takes what has to reach a person, in the transaction of the fact it
// speaks of: it exists when that commits, and is sent after.
type Outbox interface {
	// SMSCodeTx is refused as rate_limited, with the time after which it makes
	// sense again, when a cap on codes is reached, and as unavailable while no
	// SMS route is set.
	SMSCodeTx(ctx context.Context, tx *db.Tx, m SMSCode) error
	LetterTx(ctx context.Context, tx *db.Tx, l Letter) error
}

// SMSCode is a short code that proves who holds a telephone.
type SMSCode struct {
	Fact      uuid.UUID // what asks for it; the same fact sends one code
	Phone     string    // E.164
	Code      string
	Language  string    // "ru" or "en"
	IP        string    // where it was asked for
	ExpiresAt time.Time // after this it is not sent any more
}

// Letter is a letter to one address. Data are the values of its text; Secret
// are those that must not lie readable in the database, such as links with
// tokens.
type Letter struct {
	Fact      uuid.UUID // what it speaks of; the same fact writes one letter of a kind to an address
	Kind      string
	UserID    *int64
	CompanyID *int64 // whose brand it bears
	To        string
	Language  string // "ru" or "en"
	Data      map[string]string
	Secret    map[string]string
}

// nowhere is the outbox of a service that was given none.
type nowhere struct{}

var errNowhere = fault.New(fault.Unavailable, "Nothing can be sent from here.")

func (nowhere) SMSCodeTx(context.Context, *db.Tx, SMSCode) error { return errNowhere }

func (nowhere) LetterTx(context.Context, *db.Tx, Letter) error { return errNowhere }
