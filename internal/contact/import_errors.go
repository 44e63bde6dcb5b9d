package contact

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
)

const errorsAtOnce = 1000

// WriteErrors writes the rows of an import that were not taken as CSV: the line of the file,
// what is wrong in the words that say gives for a code, and the cells. No cell is a formula
// for a spreadsheet that opens it.
func (m *Importer) WriteErrors(ctx context.Context, actor access.Actor, importID uuid.UUID, say func(problem string) string, to io.Writer) error {
	out := bufio.NewWriter(to)
	_, _ = out.WriteString("\uFEFF") // by which spreadsheets know UTF-8
	table := csv.NewWriter(out)
	if err := table.Write([]string{say("line"), say("problem")}); err != nil {
		return err
	}
	after := int32(0)
	for {
		var rows []contactdb.ImportErrorsRow
		err := m.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
			rows, err = m.q.ImportErrors(ctx, tx, contactdb.ImportErrorsParams{
				CompanyID: actor.CompanyID, ImportID: importID, After: after, Most: errorsAtOnce,
			})
			return err
		})
		if err != nil {
			return fmt.Errorf("read errors of import: %w", err)
		}
		for _, r := range rows {
			cells := []string{strconv.Itoa(int(r.Line)), say(r.Problem)}
			for _, cell := range r.Cells {
				cells = append(cells, harmless(cell))
			}
			if err := table.Write(cells); err != nil {
				return err
			}
			after = r.RowN
		}
		if len(rows) < errorsAtOnce {
			table.Flush()
			return out.Flush()
		}
	}
}

// harmless keeps a spreadsheet from taking a text for a formula (OWASP, CSV injection). The
// import takes the sign off again.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
