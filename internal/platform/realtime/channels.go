package realtime

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// UserChannel carries what concerns one operator: their dialogs.
func UserChannel(company, user int64) string { return fmt.Sprintf("user:%d:%d", company, user) }

// TeamChannel carries what concerns every operator of a company: the queue,
// each other's state.
func TeamChannel(company int64) string { return fmt.Sprintf("team:%d", company) }

// AllChannel carries every dialog of a company, for supervisors.
func AllChannel(company int64) string { return fmt.Sprintf("all:%d", company) }

// MoneyChannel carries the balance.
func MoneyChannel(company int64) string { return fmt.Sprintf("money:%d", company) }

// DialogChannel carries one dialog, to whoever has it open.
func DialogChannel(company int64, dialog uuid.UUID) string {
	return fmt.Sprintf("dialog:%d:%s", company, dialog)
}

// VisitorChannel carries what one visitor of a site may see.
func VisitorChannel(company int64, visitor uuid.UUID) string {
	return fmt.Sprintf("visitor:%d:%s", company, visitor)
}

// DialogOf reads the dialog from a DialogChannel of the company.
func DialogOf(channel string, company int64) (uuid.UUID, bool) {
	text, ok := strings.CutPrefix(channel, fmt.Sprintf("dialog:%d:", company))
	if !ok {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(text)
	return id, err == nil && id.String() == text
}
