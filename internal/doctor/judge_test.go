package doctor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/doctor/internal/doctordb"
)

// What cannot be broken in a Postgres that other tests share is judged from
// facts that are made up.
func TestJudgeServer(t *testing.T) {
	t.Parallel()
	good := doctordb.Server{Version: 170_002, Encoding: "UTF8", FoldsCase: true, Durable: true}
	require.Equal(t, OK, judgeServer(good).State)
	for says, harm := range map[string]func(*doctordb.Server){
		"version 14":   func(s *doctordb.Server) { s.Version = 140_011 },
		"LATIN1":       func(s *doctordb.Server) { s.Encoding = "LATIN1" },
		"capital":      func(s *doctordb.Server) { s.FoldsCase = false },
		"wait for the": func(s *doctordb.Server) { s.Durable = false },
	} {
		s := good
		harm(&s)
		f := judgeServer(s)
		require.Equal(t, Problem, f.State, says)
		require.Contains(t, f.Says, says)
		require.NotEmpty(t, f.Do)
	}
}

func TestJudgeClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC)
	for off, state := range map[time.Duration]State{0: OK, 2 * time.Second: OK, -2 * time.Second: OK, 4 * time.Second: Problem, -4 * time.Second: Problem} {
		s := doctordb.Server{AskedAt: now, Clock: now.Add(off)}
		require.Equal(t, state, judgeClock(s, 2*time.Second).State, "%s", off)
		s.Uncertain = 5 * time.Second // a slow answer proves nothing
		require.Equal(t, OK, judgeClock(s, 2*time.Second).State, "%s", off)
	}
}

func TestJudgeRoles(t *testing.T) {
	t.Parallel()
	good := func(name string) doctordb.Role { return doctordb.Role{Name: name, There: true, Member: true} }
	roles := func(last doctordb.Role) []doctordb.Role {
		return []doctordb.Role{good("parley_app"), good("parley_worker"), last}
	}
	require.Equal(t, OK, judgeRoles(roles(good("parley_search"))).State)
	for says, r := range map[string]doctordb.Role{
		"is missing":        {},
		"no member":         {There: true},
		"walks through":     {There: true, Member: true, Bypass: true},
		"through the walls": {There: true, Member: true, Super: true},
		"may make":          {There: true, Member: true, Creating: true},
	} {
		f := judgeRoles(roles(r))
		require.Equal(t, Problem, f.State, says)
		require.Contains(t, f.Says, says)
	}
}
