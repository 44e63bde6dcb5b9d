package contact

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

const (
	maxName  = 100
	maxEmail = 254 // RFC 5321
	maxNote  = 4096
	maxTags  = 20
	maxTag   = 40
)

// Change names the fields of a contact that shall get a new value.
type Change struct {
	Name  *string
	Phone *string
	Email *string
	Tags  *[]string
	Note  *string
}

// Update changes the named fields and leaves the others, so that two operators who edit
// different fields at a time keep both their changes.
func (s *Service) Update(ctx context.Context, actor access.Actor, contactID uuid.UUID, change Change) (Contact, error) {
	if err := change.check(); err != nil {
		return Contact{}, err
	}
	var c Contact
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.Lock(ctx, tx, contactdb.LockParams{CompanyID: actor.CompanyID, ID: contactID})
		if db.NoRows(err) {
			return notFound()
		} else if err != nil {
			return fmt.Errorf("lock contact: %w", err)
		}
		before := contactOf(row)
		c = change.apply(before)
		err = s.q.Update(ctx, tx, contactdb.UpdateParams{
			CompanyID: actor.CompanyID, ID: c.ID, Name: c.Name, Phone: c.Phone, Email: c.Email, Tags: c.Tags, Note: c.Note,
		})
		if err != nil {
			return fmt.Errorf("update contact: %w", err)
		}
		c.Version++
		if err := s.setTagsTx(ctx, tx, actor.CompanyID, before, c); err != nil {
			return err
		}
		if c.Name == before.Name && slices.Equal(c.Tags, before.Tags) {
			return nil
		}
		return events.PublishTx(ctx, tx, actor.CompanyID, Changed{ContactID: c.ID, Name: c.Name, Tags: c.Tags})
	})
	return c, err
}

func (s *Service) setTagsTx(ctx context.Context, tx *db.Tx, companyID int64, before, after Contact) error {
	if slices.Equal(before.Tags, after.Tags) {
		return nil
	}
	err := s.q.DeleteTags(ctx, tx, contactdb.DeleteTagsParams{CompanyID: companyID, ContactID: after.ID, Keep: after.Tags})
	if err != nil {
		return fmt.Errorf("delete tags: %w", err)
	}
	err = s.q.InsertTags(ctx, tx, contactdb.InsertTagsParams{CompanyID: companyID, ContactID: after.ID, Tags: after.Tags})
	if err != nil {
		return fmt.Errorf("insert tags: %w", err)
	}
	return nil
}

// check brings the values to the form that is kept, or says what is wrong with them.
func (c *Change) check() error {
	var problems *fault.Error
	wrong := func(field, code, sentence string) {
		if problems == nil {
			problems = fault.Field(field, code, sentence)
		} else {
			problems = problems.And(field, code, sentence)
		}
	}
	if c.Name != nil {
		*c.Name = plain.Line(*c.Name)
		switch n := plain.Length(*c.Name); {
		case n == 0:
			wrong("name", fault.Required, "A contact needs a name.")
		case n > maxName:
			wrong("name", fault.TooLong, fmt.Sprintf("No more than %d characters.", maxName))
		}
	}
	if c.Phone != nil && strings.TrimSpace(*c.Phone) != "" {
		number, err := phone.Parse(*c.Phone)
		if err != nil {
			wrong("phone", fault.BadFormat, "Write the number with its country, such as +7 912 345-67-89.")
		}
		*c.Phone = number
	} else if c.Phone != nil {
		*c.Phone = ""
	}
	if c.Email != nil {
		*c.Email = strings.TrimSpace(*c.Email)
		if *c.Email != "" && !isEmail(*c.Email) {
			wrong("email", fault.BadFormat, "Write an address like name@shop.example.")
		}
	}
	if c.Note != nil {
		*c.Note = plain.Text(*c.Note)
		if plain.Length(*c.Note) > maxNote {
			wrong("note", fault.TooLong, fmt.Sprintf("No more than %d characters.", maxNote))
		}
	}
	if c.Tags != nil {
		checkTags(c.Tags, wrong)
	}
	if problems != nil {
		return problems
	}
	return nil
}

func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s && len(s) <= maxEmail && plain.Line(s) == s
}

// checkTags takes out doubles, also those that differ in the size of letters only.
func checkTags(tags *[]string, wrong func(field, code, sentence string)) {
	kept := []string{}
	for i, tag := range *tags {
		tag = plain.Line(tag)
		switch n := plain.Length(tag); {
		case n == 0:
			wrong("tags."+strconv.Itoa(i), fault.Required, "A tag needs a name.")
		case n > maxTag:
			wrong("tags."+strconv.Itoa(i), fault.TooLong, fmt.Sprintf("No more than %d characters.", maxTag))
		case !slices.ContainsFunc(kept, func(other string) bool { return strings.EqualFold(other, tag) }):
			kept = append(kept, tag)
		}
	}
	if len(kept) > maxTags {
		wrong("tags", fault.TooLong, fmt.Sprintf("No more than %d tags.", maxTags))
	}
	*tags = kept
}

func (c *Change) apply(to Contact) Contact {
	set := func(field *string, value *string) {
		if value != nil {
			*field = *value
		}
	}
	set(&to.Name, c.Name)
	set(&to.Phone, c.Phone)
	set(&to.Email, c.Email)
	set(&to.Note, c.Note)
	if c.Tags != nil {
		to.Tags = *c.Tags
	}
	return to
}
