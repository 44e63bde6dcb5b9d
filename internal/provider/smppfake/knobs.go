package smppfake

import (
	"errors"
	"slices"
)

// Knobs say how the SMSC misbehaves. The zero value is a good one that
// delivers everything at once.
type Knobs struct {
	RefuseBind bool   `json:"refuse_bind"`   // with "invalid password"
	Delay      int    `json:"delay_ms"`      // before each answer to a submit
	Status     uint32 `json:"refuse_status"` // command_status to refuse submits with, such as 11 (no such number) or 88 (throttled); 0 takes them
	Times      int    `json:"times"`         // how often it refuses or cuts; 0 is until told otherwise
	// Cut takes a message, keeps it, and drops the connection instead of
	// answering, so that the sender cannot know what became of it.
	Cut bool `json:"cut_after_submit"`

	Receipt      string `json:"receipt"` // stat of receipts: DELIVRD, UNDELIV, EXPIRED, REJECTD …; "none" for none; empty is DELIVRD
	ReceiptDelay int    `json:"receipt_delay_ms"`
	Early        bool   `json:"early_receipts"`      // before the answer to the submit
	Repeat       bool   `json:"repeat_receipts"`     // each twice
	Reorder      bool   `json:"reorder_receipts"`    // ENROUTE after the final one
	LoseEvery    int    `json:"lose_every_receipt"`  // each n-th is lost; 0 loses none
	Decimal      bool   `json:"decimal_receipt_ids"` // hexadecimal in answers, decimal in texts of receipts
	Tags         bool   `json:"receipt_tags"`        // say name and state in TLVs, and nothing of use in the text
}

const longestDelay = 600_000

// Check returns what is wrong with the knobs.
func (k Knobs) Check() error {
	switch {
	case k.Delay < 0 || k.Delay > longestDelay:
		return errors.New("delay_ms is not between 0 and 600000")
	case k.ReceiptDelay < 0 || k.ReceiptDelay > longestDelay:
		return errors.New("receipt_delay_ms is not between 0 and 600000")
	case k.Times < 0:
		return errors.New("times is below 0")
	case k.LoseEvery < 0:
		return errors.New("lose_every_receipt is below 0")
	case !slices.Contains(append([]string{"", "none"}, stats...), k.Receipt):
		return errors.New("receipt is no stat such as DELIVRD")
	}
	return nil
}

// stats are the values of stat, in the order of message_state (SMPP 3.4, 5.2.28).
var stats = []string{"ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"}

// Receipts lists what Knobs.Receipt may be.
func Receipts() []string {
	return append([]string{"DELIVRD", "none"}, slices.DeleteFunc(slices.Clone(stats), func(s string) bool { return s == "DELIVRD" })...)
}

// Bad says whether the SMSC is told to misbehave.
func (k Knobs) Bad() bool { return k != Knobs{} && k != Knobs{Receipt: "DELIVRD"} }
