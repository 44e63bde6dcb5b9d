package smtp

import (
	"context"
	"fmt"

	"github.com/wneessen/go-mail"
)

// Check greets the server, with TLS and our login where they are wanted, and
// leaves without a letter. The error is one of Send's.
func (s Server) Check(ctx context.Context) error {
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return classifyDial(err)
	}
	_ = client.Close()
	return nil
}
