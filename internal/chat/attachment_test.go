package chat_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/fault"
)

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))))
	return b.Bytes()
}

func upload(name, content string) chat.Upload {
	return chat.Upload{Name: name, From: strings.NewReader(content)}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	r := room(t, 2, manual)
	ann, bob, owner := r.Operators[0].Actor, r.Operators[1].Actor, r.Owner(t)
	v := r.Visitor()
	a, err := r.Chat.UploadByVisitor(ctx, v.Pass(), chat.Upload{Name: "IMG.PNG", From: bytes.NewReader(picture(t))})
	require.NoError(t, err)
	require.Equal(t, "IMG.png", a.Name)
	require.Equal(t, "image/png", a.MediaType)
	require.Equal(t, []int{30, 20}, []int{*a.Width, *a.Height})
	require.Equal(t, int64(len(picture(t))), a.Size)

	_, err = r.Chat.OpenAttachment(ctx, owner, a.ID)
	require.True(t, fault.Is(err, fault.NotFound), "what was not sent is nobody's business")

	in := v.Inbound("")
	in.Attachments = []uuid.UUID{a.ID}
	m, err := r.Chat.Receive(ctx, in)
	require.NoError(t, err)
	filePass := m.Attachments[0].URL[strings.Index(m.Attachments[0].URL, "?t=")+3:]
	_, err = r.Chat.Take(ctx, ann, m.DialogID)
	require.NoError(t, err)

	for who, actor := range map[string]access.Actor{"the operator": ann, "the owner": owner} {
		d, err := r.Chat.OpenAttachment(ctx, actor, a.ID)
		require.NoError(t, err, who)
		content, err := io.ReadAll(d)
		require.NoError(t, err)
		require.NoError(t, d.Close())
		require.Equal(t, picture(t), content)
		require.True(t, d.Shown)
	}
	for who, actor := range map[string]access.Actor{"another operator": bob, "another company": r.Second.Actor(t, access.Owner)} {
		_, err := r.Chat.OpenAttachment(ctx, actor, a.ID)
		require.True(t, fault.Is(err, fault.NotFound), who)
	}
	_, err = r.Chat.OpenAttachment(ctx, owner, uuid.New())
	require.True(t, fault.Is(err, fault.NotFound))

	d, err := r.Chat.OpenForVisitor(ctx, filePass, a.ID)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	for _, bad := range []string{"", "x", filePass[:len(filePass)-2], filePass + "A"} {
		_, err = r.Chat.OpenForVisitor(ctx, bad, a.ID)
		require.Error(t, err, bad)
		require.NotEqual(t, fault.Internal, fault.CodeOf(err))
	}
	other, err := r.Chat.UploadByVisitor(ctx, v.Pass(), upload("a.txt", "hello"))
	require.NoError(t, err)
	_, err = r.Chat.OpenForVisitor(ctx, filePass, other.ID)
	require.Error(t, err, "a pass is for one file")

	again := v.Inbound("")
	again.Attachments = []uuid.UUID{a.ID}
	_, err = r.Chat.Receive(ctx, again)
	require.True(t, fault.Is(err, fault.Invalid), "a file is sent once")
	strangers := r.Visitor().Inbound("")
	strangers.Attachments = []uuid.UUID{other.ID}
	_, err = r.Chat.Receive(ctx, strangers)
	require.True(t, fault.Is(err, fault.Invalid), "and by whoever uploaded it")
}

func TestUploadByOperator(t *testing.T) {
	t.Parallel()
	r := room(t, 2, manual)
	ann, bob := r.Operators[0], r.Operators[1]
	a, err := r.Chat.UploadByOperator(ctx, ann.Actor, upload("<script>.html", "<!DOCTYPE html><script>alert(1)</script>"))
	require.NoError(t, err)
	d, err := r.Chat.OpenAttachment(ctx, ann.Actor, a.ID)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.False(t, d.Shown)
	require.Equal(t, "application/octet-stream", d.MediaType)
	_, err = r.Chat.OpenAttachment(ctx, bob.Actor, a.ID)
	require.True(t, fault.Is(err, fault.NotFound))

	_, dialog := r.Dialog(t, "hello")
	_, _, err = r.Chat.Reply(ctx, bob.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Attachments: []uuid.UUID{a.ID}})
	require.True(t, fault.Is(err, fault.Invalid))
	m, _, err := r.Chat.Reply(ctx, ann.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Attachments: []uuid.UUID{a.ID}})
	require.NoError(t, err)
	require.Equal(t, a, m.Attachments[0])
}

func TestUploadsThatAreRefused(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	ann := r.Operators[0].Actor
	for name, c := range map[string]struct {
		upload chat.Upload
		code   fault.Code
	}{
		"empty":             {upload("a.txt", ""), fault.Invalid},
		"a program":         {upload("setup.exe", "MZ\x90\x00\x03\x00\x00\x00"), fault.UnsupportedMedia},
		"a page as picture": {upload("cat.png", "<!DOCTYPE html><script>alert(1)</script>"), fault.UnsupportedMedia},
		"too large":         {chat.Upload{Name: "a.txt", From: io.LimitReader(letters{}, chat.MaxAttachment+1)}, fault.TooLarge},
		"endless":           {chat.Upload{Name: "a.txt", From: letters{}}, fault.TooLarge},
	} {
		_, err := r.Chat.UploadByOperator(ctx, ann, c.upload)
		require.Equal(t, c.code, fault.CodeOf(err), "%s: %v", name, err)
	}
	gone := errors.New("the line is dead")
	_, err := r.Chat.UploadByOperator(ctx, ann, chat.Upload{Name: "a.txt", From: io.MultiReader(strings.NewReader(strings.Repeat("x", 10_000)), failing{gone})})
	require.ErrorIs(t, err, gone)
	require.Zero(t, r.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"), "nothing is left behind")

	a, err := r.Chat.UploadByOperator(ctx, ann, chat.Upload{Name: "a.txt", From: io.LimitReader(letters{}, chat.MaxAttachment)})
	require.NoError(t, err)
	require.Equal(t, int64(chat.MaxAttachment), a.Size)
}

// letters never ends.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestPictureThatWouldFillTheMemory(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	// The header says 50,000 × 50,000; the file has 33 bytes.
	bomb := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x02\x00\x00\x00\x66\xde\x32\xa3"
	for _, content := range []string{bomb, "\x89PNG\r\n\x1a\n<script>alert(1)</script>"} {
		a, err := r.Chat.UploadByOperator(ctx, r.Operators[0].Actor, upload("a.png", content))
		require.NoError(t, err)
		require.Equal(t, "application/octet-stream", a.MediaType, "it is for download only")
		require.Nil(t, a.Width)
	}
}

func TestVisitorCannotFillTheDisk(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	var err error
	for range 60 {
		_, err = r.Chat.UploadByVisitor(ctx, v.Pass(), upload("a.txt", "hello"))
		require.NoError(t, err)
	}
	_, err = r.Chat.UploadByVisitor(ctx, v.Pass(), upload("a.txt", "hello"))
	require.True(t, fault.Is(err, fault.RateLimited))
	_, err = r.Chat.UploadByVisitor(ctx, r.Visitor().Pass(), upload("a.txt", "hello"))
	require.NoError(t, err)
	r.Clock.Step(61 * time.Minute)
	_, err = r.Chat.UploadByVisitor(ctx, v.Pass(), upload("a.txt", "hello"))
	require.NoError(t, err)

	_, err = r.Chat.ArchiveChat(ctx, r.Owner(t), r.Settings.ID)
	require.NoError(t, err)
	_, err = r.Chat.UploadByVisitor(ctx, v.Pass(), upload("a.txt", "hello"))
	require.True(t, fault.Is(err, fault.NotFound), "an archived chat takes nothing")
}

func TestUploadsOfADayAreLimited(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Uploads = chat.UploadLimits{AddressFiles: 3, AddressBytes: 12, CompanyFiles: 5, CompanyBytes: 100}
	node := r.Node(r.Hub)
	send := func(address, text string) error {
		u := upload("a.txt", text)
		u.Address = address
		_, err := node.UploadByVisitor(ctx, r.Visitor().Pass(), u) // always another visitor
		return err
	}
	refused := func(err error, code fault.Code) {
		t.Helper()
		var f *fault.Error
		require.ErrorAs(t, err, &f)
		require.Equal(t, code, f.Code)
		require.True(t, f.RetryAfter > 0 && f.RetryAfter <= 24*time.Hour, f.RetryAfter)
	}
	require.NoError(t, send("203.0.113.1", "hello"))
	require.NoError(t, send("203.0.113.1", "hi"))
	require.NoError(t, send("203.0.113.1", "ho"))
	refused(send("203.0.113.1", "x"), fault.RateLimited) // the fourth
	refused(send("203.0.113.1", "x"), fault.RateLimited)
	require.NoError(t, send("203.0.113.2", "twelve bytes"))
	refused(send("203.0.113.2", "x"), fault.RateLimited) // the thirteenth byte
	require.NoError(t, send("203.0.113.3", "x"), "what was refused counts for nobody")
	refused(send("203.0.113.4", "x"), fault.QuotaExceeded)
	require.Equal(t, 5, r.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"), "nothing of what was refused stays")
	_, err := node.UploadByOperator(ctx, r.Operators[0].Actor, upload("a.txt", "hello"))
	require.NoError(t, err, "operators are not strangers")

	r.Clock.Step(24 * time.Hour)
	require.NoError(t, send("203.0.113.1", "hello"), "another day")
	require.NoError(t, node.CleanUploads(ctx))
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM upload_count WHERE company_id = $1"), "days that are over are forgotten")
}

func TestCleanUploads(t *testing.T) {
	t.Parallel()
	r := room(t, 1, manual)
	ann := r.Operators[0].Actor
	keep := func() chat.Attachment {
		a, err := r.Chat.UploadByOperator(ctx, ann, upload("a.txt", "hello"))
		require.NoError(t, err)
		return a
	}
	sent, unsent := keep(), keep()
	_, dialog := r.Dialog(t, "hello")
	_, _, err := r.Chat.Reply(ctx, ann, chat.Outbound{DialogID: dialog, Key: uuid.New(), Attachments: []uuid.UUID{sent.ID}})
	require.NoError(t, err)
	// Left by a program that was stopped in the middle.
	_, err = r.DB.Worker().Exec(ctx, `INSERT INTO attachment (company_id, id, name, media_type, size, sha256, user_id, created_at)
		VALUES ($1, $2, 'x', 'text/plain', 0, '', $3, $4)`, r.Firm.ID, uuid.New(), ann.UserID, r.Clock.Now())
	require.NoError(t, err)

	r.Clock.Step(23 * time.Hour)
	fresh := keep()
	require.NoError(t, r.Chat.CleanUploads(ctx))
	require.Equal(t, 4, r.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"))
	r.Clock.Step(2 * time.Hour)
	require.NoError(t, r.Chat.CleanUploads(ctx))
	require.NoError(t, r.Chat.CleanUploads(ctx))
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"))
	for _, a := range []chat.Attachment{sent, fresh} {
		d, err := r.Chat.OpenAttachment(ctx, ann, a.ID)
		require.NoError(t, err)
		require.NoError(t, d.Close())
	}
	_, err = r.Chat.OpenAttachment(ctx, ann, unsent.ID)
	require.True(t, fault.Is(err, fault.NotFound))
}
