package messaging

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel/sms"
	"parley/internal/connection"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

// Purpose says what a campaign is for; advertising needs consent.
type Purpose string

// The purposes.
const (
	ServicePurpose Purpose = "service"
	Advertising    Purpose = "advertising"
)

// CampaignState says how far a campaign has come.
type CampaignState string

// The states of campaigns.
const (
	Draft         CampaignState = "draft"
	Planned       CampaignState = "scheduled"
	Running       CampaignState = "running"
	Paused        CampaignState = "paused"
	Stopped       CampaignState = "stopped"
	Finished      CampaignState = "finished"
	FailedStarted CampaignState = "failed"
)

// Step is what a campaign sends on one channel.
type Step struct {
	Channel string `json:"channel"`
	Sender  string `json:"sender"` // empty is the gateway's
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

func (s *Step) clean() {
	s.Sender, s.Subject, s.Text, s.HTML = plain.Line(s.Sender), plain.Line(s.Subject), plain.Text(s.Text), plain.Text(s.HTML)
}

// NewCampaign is what a person says about a campaign.
type NewCampaign struct {
	Name     string
	Purpose  Purpose
	ListID   uuid.UUID
	Steps    []Step
	Speed    int           // messages a second; 0: as fast as the network takes them
	Lifetime time.Duration // of each message; 0 is a day
	Resend   bool          // what is in doubt after a crash
	StartsAt *time.Time    // nil: when somebody starts it
}

// Campaign sends a text to everybody on a contact list.
type Campaign struct {
	ID         uuid.UUID
	Number     int64
	Name       string
	Purpose    Purpose
	ListID     uuid.UUID
	Steps      []Step
	State      CampaignState
	Reason     string // why it is paused or failed
	Speed      int
	Lifetime   time.Duration
	Resend     bool
	Total      *int // recipients; nil until the audience is frozen
	Next       int  // recipients that have an attempt
	StartsAt   *time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	CreatedAt  time.Time
	Version    int
	Counts     []Count
}

// Count says how many messages of a campaign are in a state.
type Count struct {
	Step     int
	State    State
	Reason   string
	Messages int64
}

const fastestCampaign = 100_000 // messages a second

func (n *NewCampaign) check() error {
	n.Name = plain.Line(n.Name)
	switch {
	case n.Name == "":
		return fault.Field("name", fault.Required, "Give the campaign a name.")
	case plain.Length(n.Name) > 100:
		return fault.Field("name", fault.TooLong, "The name is too long.")
	case n.Purpose != ServicePurpose && n.Purpose != Advertising:
		return fault.Field("purpose", fault.UnknownName, "A campaign is for service or advertising.")
	case n.Speed < 0 || n.Speed > fastestCampaign:
		return fault.Field("speed", fault.OutOfRange, "The speed lies between 0 and 100000.")
	case len(n.Steps) != 1:
		return fault.Field("steps", fault.OutOfRange, "A campaign has one step.")
	}
	if n.Lifetime == 0 {
		n.Lifetime = usualLife
	}
	if n.Lifetime < shortestLife || n.Lifetime > longestLife {
		return fault.Field("lifetime_s", fault.OutOfRange, "The lifetime lies between a minute and 48 hours.")
	}
	for i := range n.Steps {
		n.Steps[i].clean()
		if _, err := parseStep(n.Steps[i], fmt.Sprintf("steps.%d.", i)); err != nil {
			return err
		}
	}
	return nil
}

// step is a step with its texts parsed.
type step struct {
	Step
	subject, text, html text
}

// parseStep reads the texts of a step; errors name the field below the prefix.
func parseStep(s Step, prefix string) (step, error) {
	out := step{Step: s}
	for _, f := range []struct {
		name, source string
		into         *text
	}{{"subject", s.Subject, &out.subject}, {"text", s.Text, &out.text}, {"html", s.HTML, &out.html}} {
		var err error
		if *f.into, err = parseText(f.source); err != nil {
			return out, fault.Field(prefix+f.name, fault.BadFormat, err.Error())
		}
		if len(f.source) > longestText {
			return out, fault.Field(prefix+f.name, fault.TooLong, "The text is too long.")
		}
	}
	switch s.Channel {
	case connection.SMS:
		if s.Text == "" {
			return out, fault.Field(prefix+"text", fault.Required, "Write something.")
		}
		if t, err := sms.Encode(s.Text, 0); err != nil || len(t.Parts) > mostParts {
			return out, fault.Field(prefix+"text", fault.TooLong, fmt.Sprintf("The text needs more than %d parts.", mostParts))
		}
	case connection.Email:
		switch {
		case s.Subject == "":
			return out, fault.Field(prefix+"subject", fault.Required, "A letter needs a subject.")
		case len(s.Subject) > longestLine:
			return out, fault.Field(prefix+"subject", fault.TooLong, "The subject is too long.")
		case s.Text == "" && s.HTML == "":
			return out, fault.Field(prefix+"text", fault.Required, "Write something.")
		}
	default:
		return out, fault.Field(prefix+"channel", fault.UnknownName, "There is no such channel.")
	}
	return out, nil
}

// write fills a packet with the step's texts for a recipient, clean: what is
// handed over is what was counted and priced.
func (s step) write(p *Packet, values map[string]string) {
	p.Text = plain.Text(s.text.write(values))
	if s.Channel == connection.Email {
		p.Subject, p.HTML = plain.Line(s.subject.write(values)), plain.Text(s.html.writeHTML(values))
	}
}

func readSteps(raw json.RawMessage) ([]step, error) {
	var steps []Step
	if err := json.Unmarshal(raw, &steps); err != nil {
		return nil, fmt.Errorf("read steps of campaign: %w", err)
	}
	out := make([]step, 0, len(steps))
	for _, s := range steps {
		parsed, err := parseStep(s, "")
		if err != nil {
			return nil, fmt.Errorf("parse step of campaign: %w", err)
		}
		out = append(out, parsed)
	}
	return out, nil
}
