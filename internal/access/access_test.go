package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
)

func TestGrant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind       access.CompanyKind
		roles      []access.Role
		seePrices  bool
		may, mayNo []access.Permission
	}{
		"an owner runs the company": {
			access.Company, []access.Role{access.Owner}, false,
			[]access.Permission{access.UsersManage, access.ChatsManage, access.PanelSupervise, access.ChargesView},
			[]access.Permission{access.PlatformDeposits, access.ResellerDependents},
		},
		"an operator sees no money": {
			access.Company, []access.Role{access.Operator}, false,
			[]access.Permission{access.PanelUse, access.ContactsView},
			[]access.Permission{access.BalanceView, access.PricesView, access.ChargesView, access.PanelSupervise, access.ChatsManage},
		},
		"an operator sees prices when the company says so": {
			access.Company, []access.Role{access.Operator}, true,
			[]access.Permission{access.BalanceView, access.PricesView},
			[]access.Permission{access.ChargesView},
		},
		"the switch is for operators only": {
			access.Company, []access.Role{access.Analyst}, true,
			[]access.Permission{access.ChatsView}, []access.Permission{access.BalanceView, access.PanelUse},
		},
		"roles combine": {
			access.Company, []access.Role{access.Operator, access.Accountant}, false,
			[]access.Permission{access.PanelUse, access.ChargesView}, []access.Permission{access.UsersManage},
		},
		"the back office needs an administrator of the platform": {
			access.Platform, []access.Role{access.Administrator}, false,
			[]access.Permission{access.PlatformDeposits, access.PlatformPrices}, []access.Permission{access.ResellerDependents},
		},
		"an operator of the platform has no back office": {
			access.Platform, []access.Role{access.Operator}, false,
			[]access.Permission{access.PanelUse}, []access.Permission{access.PlatformDeposits},
		},
		"a reseller's administrator sees dependents": {
			access.Reseller, []access.Role{access.Administrator}, false,
			[]access.Permission{access.ResellerDependents}, []access.Permission{access.PlatformCompanies},
		},
		"nobody may nothing": {access.Company, nil, true, nil, access.All()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			actor := access.Actor{Permissions: access.Grant(c.kind, c.roles, c.seePrices)}
			for _, p := range c.may {
				require.True(t, actor.May(p), "may %s", p)
			}
			for _, p := range c.mayNo {
				require.False(t, actor.May(p), "may not %s", p)
			}
		})
	}
}
