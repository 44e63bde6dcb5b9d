package notify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/db"
)

func (b *bundle) pinned(t *testing.T, actor access.Actor) *notify.Pin {
	t.Helper()
	pin, err := b.Pinned(t.Context(), actor)
	require.NoError(t, err)
	return pin
}

func (b *bundle) spend(t *testing.T, company int64, amount money.Amount) {
	t.Helper()
	require.NoError(t, b.tx(t, func(tx *db.Tx) error {
		_, err := b.ledger.SpendTx(t.Context(), tx, ledger.Spend{CompanyID: company, Amount: amount})
		return err
	}))
}

func (b *bundle) deposit(t *testing.T, seller access.Actor, company int64, amount money.Amount, key string) {
	t.Helper()
	_, err := b.ledger.Deposit(t.Context(), seller, ledger.Deposit{CompanyID: company, Amount: amount, Reason: "Payment order 17", Reference: key})
	require.NoError(t, err)
}

// What is pinned follows the balance itself: nothing need be told for it to
// come or go.
func TestPinFollowsTheBalance(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	platform, owner := b.people.Platform.Actor(t, access.Owner), b.people.Direct.Actor(t, access.Owner)
	rubles := func(n money.Amount) money.Money { return money.Money{Amount: n * money.Unit, Currency: "RUB"} }
	require.Equal(t, &notify.Pin{Kind: notify.BalanceSpent, Balance: rubles(0)}, b.pinned(t, owner), "nothing was paid yet")

	b.deposit(t, platform, owner.CompanyID, 10*money.Unit, "1")
	require.Nil(t, b.pinned(t, owner))
	b.spend(t, owner.CompanyID, 12*money.Unit)
	require.Equal(t, &notify.Pin{Kind: notify.BalanceSpent, Balance: rubles(-2)}, b.pinned(t, owner))
	require.Nil(t, b.pinned(t, b.people.Direct.Actor(t, access.Operator)), "operators see no balance")
	require.Empty(t, b.notices(t, owner).Items)

	require.NoError(t, b.ledger.SetCreditLimit(t.Context(), platform, owner.CompanyID, 5*money.Unit))
	require.Nil(t, b.pinned(t, owner), "there is credit left")
	b.spend(t, owner.CompanyID, 3*money.Unit)
	require.Equal(t, &notify.Pin{Kind: notify.BalanceSpent, Balance: rubles(-5), OnCredit: true}, b.pinned(t, owner))
	b.deposit(t, platform, owner.CompanyID, 1, "2")
	require.Nil(t, b.pinned(t, owner), "the smallest amount is enough")
	require.Nil(t, b.pinned(t, platform), "the platform pays nobody")
}

// When the reseller is out of money, its companies read who to ask and are not
// told to pay.
func TestPinOfASuspendedSeller(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	platform, reseller, owner := b.people.Platform.Actor(t, access.Owner), b.people.Reseller.Actor(t, access.Owner), b.people.First.Actor(t, access.Owner)
	b.deposit(t, reseller, owner.CompanyID, 10*money.Unit, "1")
	pin := b.pinned(t, owner)
	require.Equal(t, notify.SellerSuspended, pin.Kind)
	require.Equal(t, b.people.Reseller.Name, pin.Seller)
	require.Empty(t, pin.Support, "it has given none")
	_, err := b.db.Worker().Exec(t.Context(), `INSERT INTO company_details (company_id, email, phone, requisites) VALUES ($1, 'help@northwind.example', '', '{}')`, reseller.CompanyID)
	require.NoError(t, err)
	require.Equal(t, "help@northwind.example", b.pinned(t, owner).Support)

	b.deposit(t, platform, reseller.CompanyID, 10*money.Unit, "1")
	require.Nil(t, b.pinned(t, owner))
}
