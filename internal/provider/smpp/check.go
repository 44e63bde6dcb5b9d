package smpp

import (
	"context"
	"errors"

	"github.com/linxGnu/gosmpp/pdu"
)

var errDone = errors.New("it was tried only")

// Check binds and unbinds at once. Some SMSCs allow a login one bind and end
// an older one for it.
func Check(ctx context.Context, s Settings) error {
	b, err := New(s, Options{}).open(ctx)
	if err != nil {
		return err
	}
	_, _ = b.conn.Write(marshal(pdu.NewUnbind()))
	b.fail(errDone)
	return nil
}
