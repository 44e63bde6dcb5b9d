package billing

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// Kind is what an invoice is for.
type Kind string

// The kinds of invoices.
const (
	TopUp   Kind = "top_up"
	Monthly Kind = "monthly"
)

// State says how much of an invoice was paid.
type State string

// The states of an invoice.
const (
	Issued     State = "issued"
	PartlyPaid State = "partly_paid"
	Paid       State = "paid"
	Cancelled  State = "cancelled"
)

// Form is how the paper looks.
type Form string

// The forms of papers.
const (
	RussianForm       Form = "russian"
	InternationalForm Form = "international"
)

// Invoice is what a seller has billed to a company.
type Invoice struct {
	ID          uuid.UUID
	CompanyID   int64 // buyer
	SellerID    int64
	Kind        Kind
	Number      string
	Period      *time.Time // billing month, its first day
	IssuedAt    time.Time
	IssuedOn    time.Time // date in the seller's zone
	DueOn       time.Time // last day to pay on
	DueAt       time.Time // when that has ended
	Form        Form
	Currency    string
	Total       money.Amount
	Covered     money.Amount // paid from the balance before
	ToPay       money.Amount
	Paid        money.Amount
	State       State
	Seller      Party
	Buyer       Party
	Lines       []Line // only when a single invoice was asked for
	Payments    []Part // likewise
	FileSize    int    // bytes; 0 until the paper was made
	PaidAt      *time.Time
	CancelledAt *time.Time
	CreatedBy   *int64 // nil: the monthly run
}

// FileName is what the paper is called.
func (i Invoice) FileName() string { return i.Number + ".pdf" }

// VAT sums the VAT of the lines by rate.
func (i Invoice) VAT() []VATSum { return vatSums(i.Lines) }

// Party is a seller or buyer as it was when the invoice was issued.
type Party struct {
	CompanyID  int64              `json:"company"`
	Name       string             `json:"name"`
	Requisites account.Requisites `json:"requisites"`
	// Pictures that a seller's papers bore then; nil is none.
	Stamp     uuid.UUID `json:"stamp,omitzero"`
	Signature uuid.UUID `json:"signature,omitzero"`
}

// Line is one position of an invoice.
type Line struct {
	N         int
	Item      pricing.Item // empty: no usage stands behind it
	ListPrice money.Amount // of the usage behind it
	Name      string
	Unit      string
	Quantity  int64
	UnitPrice money.Amount
	Exact     money.Amount // what was charged
	Amount    money.Amount // the same, rounded
	VATRate   Rate
	VAT       money.Amount // the part of Amount that is VAT
}

// Options tune a service.
type Options struct {
	// TopUps says by currency which amounts may be topped up; nil is
	// [DefaultTopUps].
	TopUps map[string]Terms
	// DaysOff are not counted where working days are; nil is [DefaultDaysOff].
	DaysOff DaysOff
	Log     *slog.Logger
}

// Service keeps invoices and payments.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	accounts *account.Service
	ledger   *ledger.Service
	metering *metering.Service
	files    *blob.Store
	options  Options
	reading  chan struct{} // held while a picture is unpacked
	q        *billingdb.Queries
}

// Deps are what a service works with.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Accounts *account.Service
	Ledger   *ledger.Service
	Metering *metering.Service
	Files    *blob.Store
}

// New returns a service on the database.
func New(d Deps, o Options) *Service {
	if o.TopUps == nil {
		o.TopUps = DefaultTopUps
	}
	if o.DaysOff == nil {
		o.DaysOff = DefaultDaysOff
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Service{
		db: d.DB, clock: d.Clock, accounts: d.Accounts, ledger: d.Ledger, metering: d.Metering, files: d.Files, options: o,
		reading: make(chan struct{}, 1), q: billingdb.New(),
	}
}

// now is as exact as the database keeps it.
func (s *Service) now() time.Time { return s.clock.Now().UTC().Truncate(time.Microsecond) }

// date is the day of an instant in a zone, as dates are kept: midnight in UTC.
func date(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// month is the billing month of an instant in a zone.
func month(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// begins is the instant at which a day begins in a zone; where the clocks leave
// midnight out, the one that they go on with.
func begins(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone).UTC()
}
