package account_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

func (d *desk) record(t *testing.T, actor access.Actor, changes ...account.Change) {
	t.Helper()
	require.NoError(t, d.DB.InCompany(t.Context(), actor.CompanyID, func(tx *db.Tx) error {
		for _, c := range changes {
			require.NoError(t, d.Service.RecordTx(t.Context(), tx, actor, c))
		}
		return nil
	}))
}

func TestTrail(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.clock.Step(time.Second)
	owner, admin := d.Direct.Actor(t, access.Owner), d.Direct.Actor(t, access.Administrator)
	theirs := d.First.Actor(t, access.Owner)
	d.clock.Step(time.Hour)
	d.record(t, owner, account.Change{Action: "chat.created", Subject: "chat:1", New: map[string]any{"name": "<b>Shop</b>"}})
	d.clock.Step(time.Hour)
	d.record(t, admin, account.Change{Action: "chat.changed", Subject: "chat:1", Old: map[string]any{"a": 1, "b": "x"}, New: map[string]any{"a": 1, "b": "y\x00"}})
	d.record(t, admin, account.Change{Action: "chat.changed", Subject: "chat:1", Old: map[string]any{"a": 1}, New: map[string]any{"a": 1}})
	d.clock.Step(time.Second) // ids of one instant ascend only while no test beside this one lives at another
	d.record(t, admin, account.Change{Action: "chats_exported", Subject: "export:1"})
	d.record(t, theirs, account.Change{Action: "chat.changed", Subject: "chat:9", New: map[string]any{"secret": "theirs"}})

	list := func(f account.TrailFilter) (actions []string) {
		for {
			records, more, err := d.Service.Trail(t.Context(), owner, f)
			require.NoError(t, err)
			for _, r := range records {
				require.NotContains(t, string(r.New), "theirs")
				actions = append(actions, r.Action)
				f.Before = r.ID
			}
			if !more {
				return actions
			}
		}
	}
	all := []string{"chats_exported", "chat.changed", "chat.created", "user.added", "user.added", "company.created"}
	require.Equal(t, all, list(account.TrailFilter{}), "newest first; what changed nothing is not there")
	require.Equal(t, all, list(account.TrailFilter{Limit: 1}))
	require.Equal(t, all[1:3], list(account.TrailFilter{Action: "chat"}))
	require.Equal(t, all[1:2], list(account.TrailFilter{Action: "chat.changed"}))
	require.Empty(t, list(account.TrailFilter{Action: "%"}))
	require.Equal(t, all[:2], list(account.TrailFilter{UserID: admin.UserID}))
	require.Equal(t, all[1:3], list(account.TrailFilter{Subject: "chat:1"}))
	require.Equal(t, all[2:3], list(account.TrailFilter{Text: "<B>shop"}))
	require.Empty(t, list(account.TrailFilter{Text: "theirs"}))
	require.Equal(t, all[:3], list(account.TrailFilter{From: noon.Add(time.Minute)}))
	require.Equal(t, all[2:], list(account.TrailFilter{To: noon.Add(2 * time.Hour)}))

	records, _, err := d.Service.Trail(t.Context(), owner, account.TrailFilter{Action: "chat.changed"})
	require.NoError(t, err)
	require.JSONEq(t, `{"b":"x"}`, string(records[0].Old), "only what differs")
	require.JSONEq(t, `{"b":"y\ufffd"}`, string(records[0].New))
	require.Equal(t, admin.UserID, *records[0].UserID)
	require.Equal(t, "Red administrator 2", records[0].UserName)
	require.Equal(t, "192.0.2.1", records[0].IP)
	records, _, err = d.Service.Trail(t.Context(), owner, account.TrailFilter{Action: "company.created"})
	require.NoError(t, err)
	require.Nil(t, records[0].UserID, "the program itself")
}

// Who acts for the platform in a company is named there though no member.
func TestTrailNamesStrangers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	platform := d.Platform.Person(t, access.Administrator)
	require.NoError(t, d.DB.AsWorker(t.Context(), func(tx *db.Tx) error {
		return d.Service.RecordTx(t.Context(), tx, platform.Actor, account.Change{CompanyID: d.Direct.ID, Action: "deposit.posted", New: map[string]any{"amount": "10.00"}})
	}))
	records, _, err := d.Service.Trail(t.Context(), d.Direct.Actor(t, access.Owner), account.TrailFilter{Action: "deposit"})
	require.NoError(t, err)
	require.Equal(t, platform.Name, records[0].UserName)
}

// A change deep in a setting shows that member and not the whole object.
func TestTrailKeepsWhatDiffersAtAnyDepth(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner := d.Direct.Actor(t, access.Owner)
	d.record(t, owner, account.Change{
		Action: "chat.changed", Subject: "chat:1",
		Old: map[string]any{"name": "Shop", "look": map[string]any{"colour": "#111111", "side": "left", "deep": map[string]any{"a": 1}}},
		New: map[string]any{"name": "Shop", "look": map[string]any{"colour": "#222222", "side": "left", "deep": map[string]any{"a": 1}}},
	})
	records, _, err := d.Service.Trail(t.Context(), owner, account.TrailFilter{Action: "chat.changed"})
	require.NoError(t, err)
	require.JSONEq(t, `{"look":{"colour":"#111111"}}`, string(records[0].Old))
	require.JSONEq(t, `{"look":{"colour":"#222222"}}`, string(records[0].New))
}

func TestTrailIsAppendOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, table := range []string{"audit_record", "audit_seal", "audit_pending"} {
		for _, statement := range []string{"UPDATE %s SET company_id = company_id", "DELETE FROM %s", "TRUNCATE %s"} {
			statement = fmt.Sprintf(statement, table)
			err := d.DB.InCompany(t.Context(), d.Direct.ID, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), statement)
				return err
			})
			require.ErrorContains(t, err, "permission denied", statement)
		}
	}
	for _, statement := range []string{"UPDATE audit_record SET ip = ''", "DELETE FROM audit_record", "UPDATE audit_seal SET salt = ''", "DELETE FROM audit_seal"} {
		_, err := d.DB.Worker().Exec(t.Context(), statement)
		require.ErrorContains(t, err, "permission denied", statement)
	}
}

// vault is a trail of three companies with sealed records, and the owner of the
// tables to tamper with it.
type vault struct {
	*accounttest.Fixture
	thief  *pgx.Conn
	direct []uuid.UUID
}

func newVault(t *testing.T) *vault {
	t.Helper()
	url := dbtest.NewURL(t)
	d, err := db.Open(t.Context(), url, db.Options{})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	f := accounttest.NewAt(t, d, clock.Real{}, account.Options{})
	v := &vault{Fixture: f}
	v.thief, err = pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = v.thief.Close(t.Context()) })
	actor := f.Direct.Actor(t, access.Owner)
	require.NoError(t, d.InCompany(t.Context(), f.Direct.ID, func(tx *db.Tx) error {
		for i := range 10 {
			require.NoError(t, f.Service.RecordTx(t.Context(), tx, actor, account.Change{Action: "price.changed", Subject: "price:1", New: map[string]any{"n": i, "z": 1.50, "a": "я"}}))
		}
		return nil
	}))
	_, err = f.Service.Seal(t.Context())
	require.NoError(t, err)
	rows, err := v.thief.Query(t.Context(), "SELECT record_id FROM audit_seal WHERE company_id = $1 ORDER BY number", f.Direct.ID)
	require.NoError(t, err)
	v.direct, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(t, err)
	require.Len(t, v.direct, 12)
	return v
}

func (v *vault) steal(t *testing.T, statement string, args ...any) {
	t.Helper()
	tag, err := v.thief.Exec(t.Context(), statement, args...)
	require.NoError(t, err, statement)
	require.NotZero(t, tag.RowsAffected(), "%s touched nothing", statement)
}

func (v *vault) problems(t *testing.T) (found []string) {
	t.Helper()
	states, err := v.Service.VerifyTrails(t.Context())
	require.NoError(t, err)
	for _, s := range states {
		for _, p := range s.Problems {
			require.Equal(t, v.Direct.ID, s.CompanyID)
			found = append(found, fmt.Sprintf("%d %s", p.Number, p.What))
		}
	}
	return found
}

func TestVerifyTrails(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	require.Empty(t, v.problems(t))
	states, err := v.Service.VerifyTrails(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 5, "a trail for each company")
	for _, s := range states {
		require.Zero(t, s.Pending)
		require.Len(t, s.Head, 32)
	}
	n, err := v.Service.Seal(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)

	actor := v.Direct.Actor(t, access.Owner)
	require.NoError(t, v.DB.InCompany(t.Context(), v.Direct.ID, func(tx *db.Tx) error {
		return v.Service.RecordTx(t.Context(), tx, actor, account.Change{Action: "chat.changed"})
	}))
	states, err = v.Service.VerifyTrails(t.Context())
	require.NoError(t, err)
	pending := 0
	for _, s := range states {
		pending += s.Pending
	}
	require.Equal(t, 1, pending, "not sealed yet is no problem")
	n, err = v.Service.Seal(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Empty(t, v.problems(t))
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper func(t *testing.T, v *vault)
		want   []string
	}{
		"a value": {func(t *testing.T, v *vault) {
			v.steal(t, `UPDATE audit_record SET new = '{"n":0,"a":"я","z":1.5}' WHERE id = $1`, v.direct[5])
		}, []string{"6 the record was changed"}},
		"who": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET user_id = 1000 WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"that it was nobody": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET user_id = NULL WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"when": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET at = at - interval '1 microsecond' WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"from where": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET ip = '203.0.113.1' WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"the border between two fields": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET action = action || left(subject, 1), subject = substr(subject, 2) WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"nothing instead of a value": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET old = new, new = NULL WHERE id = $1", v.direct[5])
		}, []string{"6 the record was changed"}},
		"a record taken out": {func(t *testing.T, v *vault) {
			v.steal(t, "DELETE FROM audit_record WHERE id = $1", v.direct[5])
		}, []string{"6 the record is gone"}},
		"a record and its seal taken out": {func(t *testing.T, v *vault) {
			v.steal(t, "DELETE FROM audit_record WHERE id = $1", v.direct[5])
			v.steal(t, "DELETE FROM audit_seal WHERE record_id = $1", v.direct[5])
		}, []string{"7 seals before this one are gone", "7 the chain is broken"}},
		"the gap closed": {func(t *testing.T, v *vault) {
			v.steal(t, "DELETE FROM audit_record WHERE id = $1", v.direct[5])
			v.steal(t, "DELETE FROM audit_seal WHERE record_id = $1", v.direct[5])
			v.steal(t, "UPDATE audit_seal SET number = -number WHERE company_id = $1 AND number > 6", v.Direct.ID)
			v.steal(t, "UPDATE audit_seal SET number = -number - 1 WHERE company_id = $1 AND number < 0", v.Direct.ID)
		}, []string{"6 the chain is broken"}},
		"two records swapped": {func(t *testing.T, v *vault) {
			v.steal(t, `UPDATE audit_record a SET new = b.new FROM audit_record b
				WHERE a.id IN ($1, $2) AND b.id IN ($1, $2) AND a.id <> b.id`, v.direct[5], v.direct[7])
		}, []string{"6 the record was changed", "8 the record was changed"}},
		"a record and a seal that fits it": {func(t *testing.T, v *vault) {
			v.steal(t, "UPDATE audit_record SET ip = '203.0.113.1' WHERE id = $1", v.direct[5])
			v.steal(t, "UPDATE audit_seal SET content = sha256(content) WHERE record_id = $1", v.direct[5])
		}, []string{"6 the chain is broken", "6 the record was changed"}},
		"a seal taken off": {func(t *testing.T, v *vault) {
			v.steal(t, "DELETE FROM audit_seal WHERE record_id = $1", v.direct[11])
		}, []string{"0 the record's seal is gone"}},
		"a record slipped in": {func(t *testing.T, v *vault) {
			v.steal(t, "INSERT INTO audit_record (company_id, id, at, action) VALUES ($1, $2, now(), 'deposit.posted')", v.Direct.ID, uuid.New())
		}, []string{"0 the record's seal is gone"}},
		"a record kept from the sealer": {func(t *testing.T, v *vault) {
			actor := v.Direct.Actor(t, access.Owner)
			require.NoError(t, v.DB.InCompany(t.Context(), v.Direct.ID, func(tx *db.Tx) error {
				return v.Service.RecordTx(t.Context(), tx, actor, account.Change{Action: "price.changed"})
			}))
			v.steal(t, "DELETE FROM audit_pending")
		}, []string{"0 the record's seal is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVault(t)
			c.tamper(t, v)
			require.Equal(t, c.want, v.problems(t))
		})
	}
}

// Many nodes seal while records are written: every chain stays one chain.
func TestSealersSideBySide(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	actors := []access.Actor{f.Direct.Actor(t, access.Owner), f.First.Actor(t, access.Owner)}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			actor := actors[i%2]
			for range 20 {
				_ = f.DB.InCompany(t.Context(), actor.CompanyID, func(tx *db.Tx) error {
					return f.Service.RecordTx(t.Context(), tx, actor, account.Change{Action: "chat.changed", New: strings.Repeat("x", i)})
				})
				_, err := f.Service.Seal(t.Context())
				require.NoError(t, err)
			}
		})
	}
	wait.Wait()
	_, err := f.Service.Seal(t.Context())
	require.NoError(t, err)
	states, err := f.Service.VerifyTrails(t.Context())
	require.NoError(t, err)
	var sealed int64
	for _, s := range states {
		require.Empty(t, s.Problems)
		require.Zero(t, s.Pending)
		sealed += s.Sealed
	}
	require.EqualValues(t, 160+5+2, sealed)
}
