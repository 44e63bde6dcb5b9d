package account

import (
	"time"

	"github.com/google/uuid"
)

// CompanyCreated says that there is a new company.
type CompanyCreated struct {
	CompanyID int64 `json:"company_id"`
}

// EventName implements events.Event.
func (CompanyCreated) EventName() string { return "account.company_created" }

// MembershipChanged says that a user's place in a company is another one. With
// Blocked or Removed the user's work there must go to others.
type MembershipChanged struct {
	CompanyID int64 `json:"company_id"`
	UserID    int64 `json:"user_id"`
	Added     bool  `json:"added,omitempty"`
	Blocked   bool  `json:"blocked,omitempty"` // is blocked now
	Removed   bool  `json:"removed,omitempty"`
	// Operator says whether the user may answer dialogs now.
	Operator bool `json:"operator"`
	// AccessChanged says that roles or the block changed, so that live
	// connections must be made anew.
	AccessChanged bool `json:"access_changed,omitempty"`
}

// EventName implements events.Event.
func (MembershipChanged) EventName() string { return "account.membership_changed" }

// SignedOut says that sign-ins have ended before their time.
type SignedOut struct {
	UserID    int64       `json:"user_id"`
	SignInIDs []uuid.UUID `json:"sign_in_ids"`
}

// EventName implements events.Event.
func (SignedOut) EventName() string { return "account.signed_out" }

// Locked says that guesses have locked a sign-in; its owner gets a letter.
type Locked struct {
	UserID int64     `json:"user_id"` // 0: nobody has this login
	IP     string    `json:"ip"`
	Until  time.Time `json:"until"`
}

// EventName implements events.Event.
func (Locked) EventName() string { return "account.locked" }
