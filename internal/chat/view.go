package chat

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/plain"
)

// previewLength is how much of a message a line of the list shows.
const previewLength = 140

// extra is what a message's body holds beside its text.
type extra struct {
	Attachments []Attachment `json:"attachments,omitempty"`
	Name        string       `json:"name,omitempty"` // of the operator, as it was
	System      *SystemLine  `json:"system,omitempty"`
}

func (e extra) encode() (json.RawMessage, error) {
	if len(e.Attachments) == 0 && e.Name == "" && e.System == nil {
		return nil, nil
	}
	return json.Marshal(e)
}

// messageRow is a message with its body, as several statements return it.
type messageRow = chatdb.PublicAfterRow

// around is what a message's view takes from its dialog.
type around struct {
	contactName     string
	contactReadSeq  int64
	operatorReadSeq int64
}

func aroundOf(d chatdb.Dialog, contactName string) around {
	return around{contactName, d.ContactReadSeq, d.OperatorReadSeq}
}

// messageOf returns a stored message as operators see it.
func messageOf(r messageRow, a around) (Message, error) {
	m := Message{
		ID: r.ID, DialogID: r.DialogID, SessionID: r.SessionID, Seq: r.Seq, Author: Author(r.Author), AuthorID: r.AuthorID,
		Kind: Kind(r.Kind), Text: r.Text, At: r.At, ReplyTo: r.ReplyTo, Key: r.Key, Public: r.Public, Attachments: []Attachment{},
	}
	if r.Data != nil {
		var e extra
		if err := json.Unmarshal(r.Data, &e); err != nil {
			return Message{}, fmt.Errorf("read body of message %s: %w", r.ID, err)
		}
		m.AuthorName, m.System = e.Name, e.System
		if e.Attachments != nil {
			m.Attachments = e.Attachments
		}
	}
	for i := range m.Attachments {
		m.Attachments[i].URL = attachmentURL(r.CompanyID, m.Attachments[i].ID)
	}
	return m.seenIn(a), nil
}

// seenIn fills in what depends on the dialog and not on the message.
func (m Message) seenIn(a around) Message {
	read := false
	switch m.Author {
	case ByContact:
		m.AuthorName = a.contactName
		read = m.Seq <= a.operatorReadSeq
	case ByOperator, ByBot:
		read = m.Public && m.Seq <= a.contactReadSeq
	}
	m.State = "sent"
	if read {
		m.State = "read"
	}
	return m
}

func attachmentURL(companyID int64, id uuid.UUID) string {
	return fmt.Sprintf("/api/v1/companies/%d/attachments/%s", companyID, id)
}

func attachmentOf(r chatdb.Attachment) Attachment {
	return Attachment{
		ID: r.ID, Name: r.Name, Size: r.Size, MediaType: r.MediaType, Width: r.Width, Height: r.Height,
		URL: attachmentURL(r.CompanyID, r.ID),
	}
}

// headOf returns the line of a dialog; names holds its assignee's.
func headOf(r chatdb.DialogHead, names map[int64]string) Head {
	h := Head{
		DialogID: r.DialogID, Number: r.Number, ChatID: r.ChatID, Channel: r.Channel,
		Contact: Person[uuid.UUID]{r.ContactID, r.ContactName}, State: State(r.State), GroupID: r.GroupID,
		SessionID: r.SessionID, SessionNumber: r.SessionNumber,
		Last:   Last{Seq: r.LastSeq, At: r.LastAt, Author: Author(r.LastAuthor), Preview: r.Preview},
		Unread: r.Unread, WaitingSince: r.WaitingSince, Unanswered: r.WaitingSince != nil, Answered: r.Answered, Tags: r.Tags, Result: r.Result,
	}
	if r.OperatorID != nil {
		h.Assignee = &Person[int64]{*r.OperatorID, names[*r.OperatorID]}
	}
	return h
}

// preview is a message in one short line.
func preview(text string, attachments []Attachment) string {
	if line := plain.Line(text); line != "" {
		return plain.Cut(line, previewLength)
	}
	if len(attachments) > 0 {
		return plain.Cut(attachments[0].Name, previewLength)
	}
	return ""
}

// VisitorMessage is a message as the visitor of a site sees it.
type VisitorMessage struct {
	ID          uuid.UUID    `json:"id"`
	DialogID    uuid.UUID    `json:"dialog_id"`
	Seq         int64        `json:"seq"`
	Author      Author       `json:"author"`
	AuthorName  *string      `json:"author_name"`
	Kind        Kind         `json:"kind"`
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments"`
	At          time.Time    `json:"at"`
	State       string       `json:"state"`
	Key         *uuid.UUID   `json:"key"`
	System      *SystemLine  `json:"system"`
}

// forVisitor leaves out who answered, unless the chat tells, and what is
// nobody's business outside of the company.
func (s *Service) forVisitor(companyID int64, m Message, r *rules) VisitorMessage {
	v := VisitorMessage{
		ID: m.ID, DialogID: m.DialogID, Seq: m.Seq, Author: m.Author, Kind: m.Kind, Text: m.Text,
		Attachments: make([]Attachment, len(m.Attachments)), At: m.At, State: m.State,
	}
	if m.Author == ByContact {
		v.Key = m.Key
	}
	if m.Author == ByOperator && r.nameShown && m.AuthorName != "" {
		v.AuthorName = &m.AuthorName
	}
	if m.System != nil {
		v.System = &SystemLine{Code: m.System.Code}
	}
	for i, a := range m.Attachments {
		a.URL = s.visitorFileURL(companyID, a.ID)
		v.Attachments[i] = a
	}
	return v
}

// VisitorDialog is what a visitor knows of where their dialog stands.
type VisitorDialog struct {
	State           State   `json:"state"`
	QueuePosition   *int    `json:"queue_position"`
	OperatorName    *string `json:"operator_name"`
	ContactReadSeq  int64   `json:"contact_read_seq"`
	OperatorReadSeq int64   `json:"operator_read_seq"`
}

func visitorDialog(d chatdb.Dialog, h Head, r *rules) VisitorDialog {
	v := VisitorDialog{State: h.State, ContactReadSeq: d.ContactReadSeq, OperatorReadSeq: d.OperatorReadSeq}
	if h.State == Open && h.Assignee != nil && r.nameShown && h.Assignee.Name != "" {
		v.OperatorName = &h.Assignee.Name
	}
	return v
}
