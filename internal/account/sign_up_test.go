package account_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

// counter is the desk at which strangers register.
type counter struct {
	*desk
	out *accounttest.Outbox
	bus *events.Bus
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	d := &desk{clock: clock.At(noon)}
	c := &counter{desk: d, out: &accounttest.Outbox{}}
	// With one connection in all, whoever asked for another in the middle of a
	// transaction would wait for itself.
	d.Fixture = accounttest.NewAt(t, dbtest.NewAlone(t), d.clock, account.Options{
		Outbox: c.out, Address: "https://parley.example/", CodeKey: []byte("key"),
		AccessEnded: func(e account.AccessEnded) { d.ended = append(d.ended, e) },
	})
	c.bus = events.New(d.DB, events.Options{})
	c.bus.Subscribe("account", events.On(d.Service.OnRecoveryAsked), events.On(d.Service.OnTextPublished))
	require.NoError(t, c.bus.Drain(t.Context()))
	return c
}

var origin = account.Origin{Address: home, Host: "parley.example"}

// from is another address each time, so that its allowance is not in the way.
func from(n int) account.Origin {
	return account.Origin{Address: netip.AddrFrom4([4]byte{203, 0, byte(n >> 8), byte(n)}), Host: "parley.example:8080"}
}

func form(n int) account.NewSignUp {
	return account.NewSignUp{
		Name: fmt.Sprintf("Anna %d", n), Email: fmt.Sprintf("anna%d@example.com", n), Password: "seven green elephants",
		Phone: fmt.Sprintf("+7912%07d", n), TimeZone: "Asia/Kolkata", Language: "en", TermsVersion: 1, PrivacyVersion: 1, Origin: from(n),
	}
}

func (c *counter) request(t *testing.T, number string, o account.Origin) account.CodeSent {
	t.Helper()
	sent, err := c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: number, Language: "en", Origin: o})
	require.NoError(t, err)
	return sent
}

func (c *counter) lastCode(t *testing.T) account.SMSCode {
	t.Helper()
	codes := c.out.Codes()
	require.NotEmpty(t, codes)
	return codes[len(codes)-1]
}

func (c *counter) lastLetter(t *testing.T, kind string) account.Letter {
	t.Helper()
	letters := c.out.Letters()
	require.NotEmpty(t, letters)
	last := letters[len(letters)-1]
	require.Equal(t, kind, last.Kind)
	return last
}

// confirmed asks for a code and types it.
func (c *counter) confirmed(t *testing.T, f account.NewSignUp) account.NewSignUp {
	t.Helper()
	f.CodeID = c.request(t, f.Phone, f.Origin).ID
	_, err := c.Service.CheckSignUpCode(t.Context(), f.CodeID, c.lastCode(t).Code)
	require.NoError(t, err)
	return f
}

// registered is somebody new, who has not opened the letter yet.
func (c *counter) registered(t *testing.T, n int) account.NewSignUp {
	t.Helper()
	f := c.confirmed(t, form(n))
	require.NoError(t, c.Service.SignUp(t.Context(), f))
	return f
}

func tokenOf(t *testing.T, l account.Letter) string {
	t.Helper()
	_, token, ok := strings.Cut(l.Secret["Link"], "#")
	require.True(t, ok, l.Secret["Link"])
	return token
}

func (c *counter) one(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, c.DB.Worker().QueryRow(t.Context(), query, args...).Scan(&n), query)
	return n
}

func TestSignUp(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	referrer, err := c.Service.Me(t.Context(), c.Direct.Actor(t, access.Owner))
	require.NoError(t, err)
	f := form(1)
	f.Phone, f.Email, f.Ref = "8 (912) 000-00-01", " Anna1@Example.com ", referrer.RefToken
	sent := c.request(t, f.Phone, f.Origin)
	require.Equal(t, account.CodeSent{ID: sent.ID, By: account.ByPhone, ExpiresAt: noon.Add(10 * time.Minute), ResendAfter: time.Minute}, sent)
	code := c.lastCode(t)
	require.Regexp(t, regexp.MustCompile(`^\d{6}$`), code.Code)
	require.Equal(t, account.SMSCode{Fact: sent.ID, Phone: "+79120000001", Code: code.Code, Language: "en", IP: "203.0.0.1", ExpiresAt: sent.ExpiresAt}, code)
	exists, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, " "+code.Code[:3]+"-"+code.Code[3:])
	require.NoError(t, err)
	require.False(t, exists)
	f.CodeID = sent.ID
	require.NoError(t, c.Service.SignUp(t.Context(), f))

	in, err := c.signIn(t, "+79120000001", f.Password)
	require.NoError(t, err)
	me, err := c.Service.Me(t.Context(), access.Actor{UserID: in.UserID})
	require.NoError(t, err)
	require.Equal(t, "anna1@example.com", me.Email)
	require.False(t, me.EmailConfirmed)
	require.True(t, me.PhoneConfirmed)
	require.Empty(t, me.ConsentRequired)
	require.Len(t, me.Memberships, 1)
	own := me.Memberships[0]
	require.Equal(t, "Company +79120000001", own.Name)
	require.Equal(t, []access.Role{access.Owner}, own.Roles)
	require.Equal(t, "Asia/Kolkata", own.TimeZone)
	company, err := c.Service.Company(t.Context(), own.CompanyID)
	require.NoError(t, err)
	require.Equal(t, c.Platform.ID, *company.ParentID)
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM company WHERE id = $1 AND referred_by = $2 AND language = 'en'", own.CompanyID, referrer.ID))
	require.Equal(t, 2, c.one(t, "SELECT count(*) FROM consent WHERE user_id = $1 AND version = 1 AND ip = '203.0.0.1' AND given_at = $2", in.UserID, noon))
	info, err := c.Service.Information(t.Context(), access.Actor{CompanyID: own.CompanyID})
	require.NoError(t, err)
	require.Equal(t, []string{"anna1@example.com", "+79120000001"}, []string{info.Email, info.Phone})

	letter := c.lastLetter(t, "email_confirmation")
	require.Equal(t, "anna1@example.com", letter.To)
	require.Equal(t, in.UserID, *letter.UserID)
	require.Nil(t, letter.CompanyID)
	require.Empty(t, letter.Data)
	require.Regexp(t, `^https://parley\.example/confirm-email#[A-Za-z0-9_-]{43}$`, letter.Secret["Link"])
}

func TestSignUpOnAResellersHost(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	admin := c.Platform.Actor(t, access.Owner)
	_, err := c.Service.SetDomains(t.Context(), admin, c.Reseller.ID, []string{"Chat.Northwind.example."})
	require.NoError(t, err)
	f := form(2)
	f.Origin.Host = "chat.northwind.example:443"
	f = c.confirmed(t, f)
	require.NoError(t, c.Service.SignUp(t.Context(), f))
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM company WHERE name = 'Company +79120000002' AND parent_id = $1", c.Reseller.ID))
	letter := c.lastLetter(t, "email_confirmation")
	require.Equal(t, c.Reseller.ID, *letter.CompanyID, "the reseller's brand")
	require.True(t, strings.HasPrefix(letter.Secret["Link"], "https://chat.northwind.example/confirm-email#"), letter.Secret["Link"])

	for host, seller := range map[string]int64{
		"CHAT.northwind.example": c.Reseller.ID, "parley.example": c.Platform.ID, "": c.Platform.ID, "x'; --": c.Platform.ID,
		strings.Repeat("a.", 500) + "example": c.Platform.ID, "[::1]:80": c.Platform.ID,
	} {
		site, err := c.Service.Site(t.Context(), host)
		require.NoError(t, err, host)
		require.Equal(t, seller, site.SellerID, host)
	}
	_, err = c.Service.SetDomains(t.Context(), admin, c.Direct.ID, []string{"a.example"})
	require.Equal(t, fault.Conflict, code(err), "a company that sells nothing")
	for _, hosts := range [][]string{{"a.example", "a.example"}, {"localhost"}, {"https://a.example"}, {""}, times(11, "b.example")} {
		_, err = c.Service.SetDomains(t.Context(), admin, c.Reseller.ID, hosts)
		require.NotEmpty(t, fieldCode(t, err, "hosts"), hosts)
	}
	_, err = c.Service.SetDomains(t.Context(), admin, c.Reseller.ID, []string{"Parley.example"})
	require.Equal(t, fault.Taken, fieldCode(t, err, "hosts"), "the installation's own name")
	hosts, err := c.Service.Domains(t.Context(), admin, c.Reseller.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"chat.northwind.example"}, hosts, "refusals change nothing")
	_, err = c.Service.Domains(t.Context(), c.Reseller.Actor(t, access.Owner), c.Reseller.ID)
	require.Equal(t, fault.Forbidden, code(err))
	_, err = c.Service.SetDomains(t.Context(), c.Reseller.Actor(t, access.Owner), c.Reseller.ID, nil)
	require.Equal(t, fault.Forbidden, code(err))
}

func TestUnknownReferrersAreIgnored(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	for i, ref := range []string{"nobody", "\x00", strings.Repeat("a", 5000), "' OR 1=1 --", "\xff"} {
		f := form(10 + i)
		f.Ref = ref
		f = c.confirmed(t, f)
		require.NoError(t, c.Service.SignUp(t.Context(), f), ref)
	}
	require.Equal(t, 5, c.one(t, "SELECT count(*) FROM company WHERE name LIKE 'Company +7%' AND referred_by IS NULL"))
}

// Known logins get the answer of new ones; only their owners hear of it.
func TestSignUpTellsNothing(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	known := c.Direct.Person(t, access.Owner)
	companies := c.one(t, "SELECT count(*) FROM company")
	byEmail := form(1)
	byEmail.Email = strings.ToUpper(known.Email)
	byEmail = c.confirmed(t, byEmail)
	require.NoError(t, c.Service.SignUp(t.Context(), byEmail))
	letter := c.lastLetter(t, "address_in_use")
	require.Equal(t, []any{known.Email, known.ID, "en"}, []any{letter.To, *letter.UserID, letter.Language})

	byPhone := form(2)
	byPhone.Phone = known.Phone
	sent := c.request(t, byPhone.Phone, byPhone.Origin)
	_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, other(c.lastCode(t).Code))
	require.Equal(t, "wrong", fieldCode(t, err, "code"), "a wrong code says nothing more")
	exists, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, c.lastCode(t).Code)
	require.NoError(t, err)
	require.True(t, exists, "whoever has the telephone may know")
	byPhone.CodeID = sent.ID
	require.NoError(t, c.Service.SignUp(t.Context(), byPhone))
	require.Equal(t, known.Email, c.lastLetter(t, "address_in_use").To)
	require.Len(t, c.out.Letters(), 2)
	require.Equal(t, companies, c.one(t, "SELECT count(*) FROM company"))
	require.Zero(t, c.one(t, "SELECT count(*) FROM users WHERE email = 'anna2@example.com'"))
	_, err = c.signIn(t, known.Email, accounttest.Password)
	require.NoError(t, err, "nothing of theirs has changed")
}

// Somebody else's address that was never confirmed goes to whoever has the
// mailbox: the letter is the way in, and every sign-in of the first ends.
func TestUnconfirmedAddressGoesToItsOwner(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	squatter := c.registered(t, 1)
	in, err := c.signIn(t, squatter.Email, squatter.Password)
	require.NoError(t, err)
	owner := form(2)
	owner.Email = squatter.Email
	owner = c.confirmed(t, owner)
	require.NoError(t, c.Service.SignUp(t.Context(), owner))
	letter := c.lastLetter(t, "recovery")
	require.Equal(t, squatter.Email, letter.To)
	require.NoError(t, c.Service.SetRecovered(t.Context(), account.NewPassword{Token: tokenOf(t, letter), Password: owner.Password + "!", Origin: origin}))
	_, err = c.who(t, in.Token)
	require.Equal(t, fault.Unauthenticated, code(err))
	_, err = c.signIn(t, squatter.Email, squatter.Password)
	require.Equal(t, fault.WrongCredentials, code(err))
	_, err = c.signIn(t, squatter.Email, owner.Password+"!")
	require.NoError(t, err)
}

// other is a code that is not this one.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestCodes(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	sent := c.request(t, "+79120000001", from(1))
	right := c.lastCode(t).Code
	for left := 4; left > 0; left-- {
		_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, other(right))
		var f *fault.Error
		require.ErrorAs(t, err, &f)
		require.Equal(t, "wrong", f.Fields["code"].Code)
		require.Equal(t, left, f.Extra["tries_left"])
	}
	for range 2 {
		_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, other(right))
		require.Equal(t, "expired", fieldCode(t, err, "code"))
	}
	_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, right)
	require.Equal(t, "expired", fieldCode(t, err, "code"), "after five tries the right one is none")

	for name, typed := range map[string]string{"five": "12345", "seven": "1234567", "letters": "12345o", "nothing": "", "other digits": "１２３４５６", "NUL": "12345\x00"} {
		_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, typed)
		require.Equal(t, "invalid", fieldCode(t, err, "code"), name)
	}
	_, err = c.Service.CheckSignUpCode(t.Context(), uuid.New(), right)
	require.Equal(t, "expired", fieldCode(t, err, "code"), "an id of nothing")

	c.clock.Step(time.Minute)
	second := c.request(t, "+79120000001", from(1))
	require.NotEqual(t, sent.ID, second.ID)
	c.clock.Step(10*time.Minute - time.Microsecond)
	_, err = c.Service.CheckSignUpCode(t.Context(), second.ID, c.lastCode(t).Code)
	require.NoError(t, err, "to the last moment")
	third := c.request(t, "+79120000001", from(1))
	c.clock.Step(10 * time.Minute)
	_, err = c.Service.CheckSignUpCode(t.Context(), third.ID, c.lastCode(t).Code)
	require.Equal(t, "expired", fieldCode(t, err, "code"))
	_, err = c.Service.RecoverByCode(t.Context(), third.ID, c.lastCode(t).Code)
	require.Equal(t, "expired", fieldCode(t, err, "code"), "a code is for one thing")
}

// Whatever runs side by side, five guesses are looked at.
func TestGuessesDoNotRacePastTheLimit(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	sent := c.request(t, "+79120000001", from(1))
	wrong := other(c.lastCode(t).Code)
	var wg sync.WaitGroup
	outcomes := make(chan any, 40)
	for range cap(outcomes) {
		wg.Go(func() {
			_, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, wrong)
			outcomes <- fieldCode(t, err, "code")
		})
	}
	wg.Wait()
	close(outcomes)
	seen := map[any]int{}
	for o := range outcomes {
		seen[o]++
	}
	require.Equal(t, map[any]int{"wrong": 4, "expired": 36}, seen, "the fifth wrong one ends it")
	require.Equal(t, 5, c.one(t, "SELECT tries FROM confirmation"))
}

func TestCodesAreNotStored(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.request(t, "+79120000001", from(1))
	var row string
	require.NoError(t, c.DB.Worker().QueryRow(t.Context(), "SELECT c::text FROM confirmation c").Scan(&row))
	require.NotContains(t, row, c.lastCode(t).Code)
	c.registered(t, 2)
	require.NoError(t, c.DB.Worker().QueryRow(t.Context(), "SELECT string_agg(l::text, '') FROM link l").Scan(&row))
	require.NotContains(t, row, tokenOf(t, c.lastLetter(t, "email_confirmation")))
}

func TestCodesAreRationed(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	ask := func(number string, o account.Origin) (fault.Code, time.Duration) {
		_, err := c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: number, Language: "ru", Origin: o})
		var f *fault.Error
		if err == nil {
			return "in", 0
		}
		require.ErrorAs(t, err, &f)
		return f.Code, f.RetryAfter
	}
	for i := range 5 {
		got, _ := ask("+79120000001", from(i))
		require.Equal(t, fault.Code("in"), got)
		got, after := ask("8 912 000 00 01", from(100))
		require.Equal(t, fault.RateLimited, got, "sixty seconds between two")
		require.LessOrEqual(t, after, time.Hour)
		c.clock.Step(time.Minute)
	}
	got, after := ask("+79120000001", from(6))
	require.Equal(t, fault.RateLimited, got, "five an hour")
	require.Equal(t, 55*time.Minute, after)
	c.clock.Step(55 * time.Minute)
	got, _ = ask("+79120000001", from(6))
	require.Equal(t, fault.Code("in"), got)

	for i := range 20 {
		got, _ := ask(fmt.Sprintf("+7913%07d", i), from(200))
		require.Equal(t, fault.Code("in"), got)
	}
	got, after = ask("+79139999999", from(200))
	require.Equal(t, fault.RateLimited, got, "twenty a day from one address")
	require.Equal(t, 24*time.Hour, after)
	got, _ = ask("+79139999999", from(201))
	require.Equal(t, fault.Code("in"), got, "the refused one was not counted")

	c.out.Refuse(fault.New(fault.RateLimited, "Too many codes today.").After(time.Hour))
	got, after = ask("+79138888888", from(202))
	require.Equal(t, fault.RateLimited, got)
	require.Equal(t, time.Hour, after)
	require.Equal(t, 27, c.one(t, "SELECT count(*) FROM confirmation"), "what was not sent is not there")
}

// Of requests side by side for one number one is let through.
func TestRationsAreExact(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, _ = c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: "+79120000001", Language: "ru", Origin: from(i)})
		})
	}
	wg.Wait()
	require.Len(t, c.out.Codes(), 1)
}

func TestCodeByLetterWithoutARoute(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.out.NoRoute()
	f := form(1)
	_, err := c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: f.Phone, Language: "en", Origin: f.Origin})
	require.Equal(t, "required", fieldCode(t, err, "email"))
	sent, err := c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: f.Phone, Email: " " + f.Email, Language: "en", Origin: f.Origin})
	require.NoError(t, err)
	require.Equal(t, account.ByEmail, sent.By)
	letter := c.lastLetter(t, "code")
	require.Equal(t, f.Email, letter.To)
	require.Empty(t, letter.Data)
	exists, err := c.Service.CheckSignUpCode(t.Context(), sent.ID, letter.Secret["Code"])
	require.NoError(t, err)
	require.False(t, exists)
	f.CodeID = sent.ID
	swapped := f
	swapped.Email = "another@example.com"
	require.Equal(t, "required", fieldCode(t, c.Service.SignUp(t.Context(), swapped), "code"), "the code proved another email")
	require.NoError(t, c.Service.SignUp(t.Context(), f))
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM users WHERE email = $1 AND email_confirmed AND NOT phone_confirmed", f.Email))
	require.Len(t, c.out.Letters(), 1, "the email is confirmed already")
}

func TestSignUpInput(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	good := c.confirmed(t, form(1))
	for name, w := range map[string]struct {
		wrong func(f *account.NewSignUp)
		field string
	}{
		"no name":                {func(f *account.NewSignUp) { f.Name = " \t" }, "name"},
		"a name of 101":          {func(f *account.NewSignUp) { f.Name = strings.Repeat("я", 101) }, "name"},
		"a name with a bell":     {func(f *account.NewSignUp) { f.Name = "An\x07na" }, "name"},
		"a name that turns":      {func(f *account.NewSignUp) { f.Name = "\u202eannA" }, "name"},
		"an invisible name":      {func(f *account.NewSignUp) { f.Name = "\u2060\u200b" }, "name"},
		"a line break":           {func(f *account.NewSignUp) { f.Name = "Anna\r\nBcc: x@example.com" }, "name"},
		"no email":               {func(f *account.NewSignUp) { f.Email = "" }, "email"},
		"two emails":             {func(f *account.NewSignUp) { f.Email = "a@example.com,b@example.com" }, "email"},
		"no phone":               {func(f *account.NewSignUp) { f.Phone = "" }, "phone"},
		"no number":              {func(f *account.NewSignUp) { f.Phone = "+7 912" }, "phone"},
		"another phone":          {func(f *account.NewSignUp) { f.Phone = "+79120000009" }, "code"},
		"a zone that is nowhere": {func(f *account.NewSignUp) { f.TimeZone = "Europe/Atlantis" }, "time_zone"},
		"a zone of a file":       {func(f *account.NewSignUp) { f.TimeZone = "../../etc/passwd" }, "time_zone"},
		"the machine's zone":     {func(f *account.NewSignUp) { f.TimeZone = "Local" }, "time_zone"},
		"no zone":                {func(f *account.NewSignUp) { f.TimeZone = "" }, "time_zone"},
		"a language":             {func(f *account.NewSignUp) { f.Language = "xx" }, "language"},
		"a short password":       {func(f *account.NewSignUp) { f.Password = "1234567" }, "password"},
		"an easy password":       {func(f *account.NewSignUp) { f.Password = "password123" }, "password"},
		"the email as password":  {func(f *account.NewSignUp) { f.Password = f.Email }, "password"},
		"the phone as password":  {func(f *account.NewSignUp) { f.Password = f.Phone }, "password"},
		"an endless password":    {func(f *account.NewSignUp) { f.Password = strings.Repeat("x", 201) }, "password"},
		"no terms":               {func(f *account.NewSignUp) { f.TermsVersion = 0 }, "terms_version"},
		"no privacy":             {func(f *account.NewSignUp) { f.PrivacyVersion = 0 }, "privacy_version"},
		"terms to come":          {func(f *account.NewSignUp) { f.TermsVersion = 2 }, "terms_version"},
		"no code":                {func(f *account.NewSignUp) { f.CodeID = uuid.Nil }, "code"},
		"a code of nothing":      {func(f *account.NewSignUp) { f.CodeID = uuid.New() }, "code"},
	} {
		f := good
		w.wrong(&f)
		require.NotEmpty(t, fieldCode(t, c.Service.SignUp(t.Context(), f), w.field), name)
	}
	unconfirmed := form(2)
	unconfirmed.CodeID = c.request(t, unconfirmed.Phone, unconfirmed.Origin).ID
	require.Equal(t, "required", fieldCode(t, c.Service.SignUp(t.Context(), unconfirmed), "code"))
	for _, r := range []account.CodeRequest{{Phone: "", Language: "ru"}, {Phone: "12", Language: "ru"}, {Phone: "+79120000001", Language: "xx"}, {Phone: "+79120000001", Email: "x", Language: "ru"}} {
		_, err := c.Service.RequestSignUpCode(t.Context(), r)
		require.Equal(t, fault.Invalid, code(err), r)
	}
	require.Zero(t, c.one(t, "SELECT count(*) FROM users WHERE email LIKE 'anna%'"))
	require.NoError(t, c.Service.SignUp(t.Context(), good), "and the code still works")
}

// One code makes one account, however often and at once it is handed in.
func TestOneCodeOneAccount(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	f := c.confirmed(t, form(1))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			require.NoError(t, c.Service.SignUp(t.Context(), f), "a double click is answered like a click")
		})
	}
	wg.Wait()
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM users WHERE phone = $1", f.Phone))
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM company WHERE name LIKE '%+7912%'"))
	require.Len(t, c.out.Letters(), 1)
	second := f
	second.Email = "second@example.com"
	require.Equal(t, "used", fieldCode(t, c.Service.SignUp(t.Context(), second), "code"))

	late := c.confirmed(t, form(2))
	c.clock.Step(time.Hour + time.Microsecond)
	require.Equal(t, "expired", fieldCode(t, c.Service.SignUp(t.Context(), late), "code"), "a confirmed number waits an hour")
}

// Two who register the same email at once: one gets it, the other a letter.
func TestOneEmailTwoPeople(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	var wg sync.WaitGroup
	for i := range 6 {
		f := form(i)
		f.Email = "same@example.com"
		f = c.confirmed(t, f)
		wg.Go(func() { require.NoError(t, c.Service.SignUp(t.Context(), f)) })
	}
	wg.Wait()
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM users WHERE email = 'same@example.com'"))
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM company WHERE name LIKE '%+7912%'"))
	require.Len(t, c.out.Letters(), 6)
}

func TestNoOutboxNoSignUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: "+79120000001", Email: "a@example.com", Language: "ru", Origin: origin})
	require.Equal(t, fault.Unavailable, code(err))
}
