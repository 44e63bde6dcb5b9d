package account_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/fault"
)

const (
	firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0"
	updated = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:148.0) Gecko/20100101 Firefox/148.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
)

func TestNewDeviceIsTold(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p := c.Direct.Person(t, access.Owner)
	enter := func(agent, password string) error {
		_, err := c.Service.SignIn(t.Context(), account.Credentials{Login: p.Email, Password: password, Address: home, UserAgent: agent})
		return err
	}
	for _, agent := range []string{firefox, firefox, updated} {
		require.NoError(t, enter(agent, accounttest.Password))
	}
	require.Equal(t, fault.WrongCredentials, code(enter(iphone, "wrong")))
	require.Empty(t, c.out.Letters(), "the first is no news, an update neither, and who did not get in is told elsewhere")
	require.NoError(t, enter(iphone, accounttest.Password))
	letter := c.lastLetter(t, "new_device")
	require.Equal(t, p.Email, letter.To)
	require.Equal(t, map[string]string{"Device": "Safari, iPhone", "IP": home.String()}, letter.Data)
	require.NoError(t, enter(iphone, accounttest.Password))
	require.Len(t, c.out.Letters(), 1)
	require.NoError(t, enter("\x00<script>", accounttest.Password))
	require.Equal(t, "?", c.lastLetter(t, "new_device").Data["Device"], "a letter quotes nothing that a browser says")
}

func TestUnconfirmedEmailIsNotToldOfDevices(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	f := c.registered(t, 1)
	for _, agent := range []string{firefox, iphone} {
		_, err := c.Service.SignIn(t.Context(), account.Credentials{Login: f.Email, Password: f.Password, Address: home, UserAgent: agent})
		require.NoError(t, err)
	}
	require.Len(t, c.out.Letters(), 1, "the link that confirms it, and nothing else")
}
