package smpp

import (
	"bytes"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
	"github.com/stretchr/testify/require"

	"parley/internal/channel"
)

func deliver(t testing.TB, text string, tags map[pdu.Tag][]byte) *pdu.DeliverSM {
	t.Helper()
	p := pdu.NewDeliverSM().(*pdu.DeliverSM)
	p.EsmClass = smscReceipt
	require.NoError(t, p.Message.SetMessageDataWithEncoding([]byte(text), data.GSM7BIT))
	for tag, value := range tags {
		p.RegisterOptionalParam(pdu.Field{Tag: tag, Data: value})
	}
	return p
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	const standard = "id:0123456789 sub:001 dlvrd:001 submit date:2611211010 done date:2611211011 stat:DELIVRD err:000 text:Your code"
	for name, c := range map[string]struct {
		text string
		tags map[pdu.Tag][]byte
		ids  ReceiptIDs
		want channel.Receipt
	}{
		"as in appendix B":      {standard, nil, SameIDs, channel.Receipt{ID: "123456789", Status: channel.Delivered, Code: "000"}},
		"decimal for hex":       {"id:0000000255 stat:EXPIRED err:001", nil, DecimalIDs, channel.Receipt{ID: "ff", Status: channel.Expired, Code: "001"}},
		"hex for decimal":       {"id:FF stat:REJECTD err:8", nil, HexIDs, channel.Receipt{ID: "255", Status: channel.Rejected, Code: "8"}},
		"no number at all":      {"id:a1b2-c3 stat:UNDELIV err:99", nil, DecimalIDs, channel.Receipt{ID: "a1b2-c3", Status: channel.Undelivered, Code: "99"}},
		"capitals, other order": {"STAT:ACCEPTD ERR:000 ID:AB12 TEXT:", nil, SameIDs, channel.Receipt{ID: "ab12", Status: channel.Enroute, Code: "000"}},
		"equals and semicolons": {`id="77";stat=ENROUTE;err=0`, nil, SameIDs, channel.Receipt{ID: "77", Status: channel.Enroute, Code: "0"}},
		"vendor's own words":    {"id:77 stat:FAILED", nil, SameIDs, channel.Receipt{ID: "77", Status: channel.Undelivered}},
		"nobody knows":          {"id:77 stat:UNKNOWN", nil, SameIDs, channel.Receipt{ID: "77", Status: channel.Unknown}},
		"a text that lies":      {"id:77 stat:DELIVRD text:id:88 stat:UNDELIV", nil, SameIDs, channel.Receipt{ID: "77", Status: channel.Delivered}},
		"parameters first": {standard, map[pdu.Tag][]byte{
			pdu.TagReceiptedMessageID: []byte("00FF\x00"), pdu.TagMessageStateOption: {5}, pdu.TagNetworkErrorCode: {3, 1, 2},
		}, DecimalIDs, channel.Receipt{ID: "ff", Status: channel.Undelivered, Code: "3:258"}},
		"parameters only": {"", map[pdu.Tag][]byte{
			pdu.TagReceiptedMessageID: []byte("x1"), pdu.TagMessageStateOption: {2},
		}, SameIDs, channel.Receipt{ID: "x1", Status: channel.Delivered}},
		"text in the payload": {"", map[pdu.Tag][]byte{pdu.TagMessagePayload: []byte(standard)}, SameIDs, channel.Receipt{ID: "123456789", Status: channel.Delivered, Code: "000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := receipt(deliver(t, c.text, c.tags), c.ids)
			require.True(t, ok)
			require.Equal(t, c.want, got)
		})
	}
	written := deliver(t, "Hello", nil)
	written.EsmClass = 0
	_, ok := receipt(written, SameIDs)
	require.False(t, ok, "somebody wrote to us")
	_, ok = receipt(deliver(t, "no name at all", nil), SameIDs)
	require.False(t, ok)
	unmarked := deliver(t, standard, nil)
	unmarked.EsmClass = 0
	_, ok = receipt(unmarked, SameIDs)
	require.True(t, ok, "some forget to mark receipts")
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"00AB": "ab", " 7 ": "7", "0": "0", "000": "0", "": "", "a\x00": "a", "a\xff": "a"} {
		require.Equal(t, want, canonical(id), "%q", id)
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add([]byte("id:1 stat:DELIVRD err:0 text:x"), []byte("1\x00"), []byte{2})
	f.Add([]byte("id: stat:"), []byte(nil), []byte{})
	f.Add([]byte("\xff\xfeid:99999999999999999999999999999999 stat:x"), []byte{0}, []byte{200})
	f.Fuzz(func(t *testing.T, text, name, state []byte) {
		if len(text) > 254 {
			text = text[:254]
		}
		d := deliver(t, string(text), map[pdu.Tag][]byte{pdu.TagReceiptedMessageID: name, pdu.TagMessageStateOption: state})
		for _, ids := range []ReceiptIDs{SameIDs, DecimalIDs, HexIDs} {
			r, ok := receipt(d, ids)
			if !ok {
				continue
			}
			require.NotEmpty(t, r.ID)
			require.True(t, utf8.ValidString(r.ID), "names are stored as text")
			require.NotContains(t, r.ID, "\x00")
			require.Equal(t, r.ID, canonical(r.ID))
			require.NotEmpty(t, r.Status)
		}
	})
}

// Whatever an SMSC sends, reading it neither panics nor loses its place.
func FuzzRead(f *testing.F) {
	f.Add(marshal(deliver(f, "id:1 stat:DELIVRD", map[pdu.Tag][]byte{pdu.TagMessageStateOption: {2}})))
	f.Add(marshal(pdu.NewSubmitSMResp()))
	f.Add([]byte{0, 0, 0, 16, 0x80, 0, 0, 9, 0, 0, 0, 14, 0, 0, 0, 1})
	f.Add([]byte{0, 0, 0, 17, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 9})
	f.Fuzz(func(t *testing.T, wire []byte) {
		next := marshal(pdu.NewEnquireLink())
		in := bytes.NewReader(append(append([]byte(nil), wire...), next...))
		p, err := read(in)
		var bad *malformed
		if err == nil || errors.As(err, &bad) {
			require.LessOrEqual(t, in.Len(), len(wire)+len(next)-headerSize)
		}
		if err == nil {
			require.NotNil(t, p)
			if d, ok := p.(*pdu.DeliverSM); ok {
				receipt(d, SameIDs)
			}
		}
	})
}

func TestReadAfterMalformed(t *testing.T) {
	t.Parallel()
	unknown := []byte{0, 0, 0, 18, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2}
	in := bytes.NewReader(append(unknown, marshal(pdu.NewEnquireLink())...))
	_, err := read(in)
	var bad *malformed
	require.ErrorAs(t, err, &bad)
	require.Equal(t, int32(7), bad.sequence)
	p, err := read(in)
	require.NoError(t, err)
	require.IsType(t, &pdu.EnquireLink{}, p)

	refusedBind := []byte{0, 0, 0, 16, 0x80, 0, 0, 9, 0, 0, 0, 14, 0, 0, 0, 1}
	p, err = read(bytes.NewReader(refusedBind))
	require.NoError(t, err)
	require.Equal(t, data.ESME_RINVPASWD, p.(*pdu.BindResp).CommandStatus)
}

func TestReceiptsHoldNothingThatCannotBeStored(t *testing.T) {
	t.Parallel()
	got, ok := receipt(deliver(t, "id:77 stat:DELIVRD err:\x00\xff\x011", nil), SameIDs)
	require.True(t, ok)
	require.Equal(t, "1", got.Code)
	long := map[pdu.Tag][]byte{pdu.TagReceiptedMessageID: bytes.Repeat([]byte("x"), 10_000)}
	_, ok = receipt(deliver(t, "", long), SameIDs)
	require.False(t, ok, "no answer to a submit can have had this name")
}
