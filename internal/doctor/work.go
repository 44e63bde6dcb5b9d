package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/internal/audit"
	"parley/internal/doctor/internal/doctordb"
	"parley/internal/platform/db"
)

func (e *examination) wal(ctx context.Context) Finding {
	slots, err := e.db.IdleSlots(ctx)
	if err != nil {
		return unknown(err)
	}
	if len(slots) > 0 {
		return warning(fmt.Sprintf("Nobody reads the replication slots %s: the write-ahead log grows until the disk is full.", strings.Join(slots, ", ")),
			"Start who reads them, or SELECT pg_drop_replication_slot(…).")
	}
	bytes, err := e.db.WAL(ctx)
	if doctordb.Code(err) == "42501" {
		return Finding{State: Unknown, Says: "The user of DATABASE_URL may not see the size of the write-ahead log.", Do: "GRANT pg_monitor TO that user, if you want to know."}
	}
	if err != nil {
		return unknown(err)
	}
	if bytes > e.Limits.WAL {
		return warning(fmt.Sprintf("The write-ahead log has %s.", size(bytes)), "See archive_command, wal_keep_size and max_wal_size of Postgres.")
	}
	return ok(fmt.Sprintf("The write-ahead log has %s.", size(bytes)))
}

func (e *examination) transactions(ctx context.Context) Finding {
	idle, err := e.db.Idle(ctx, e.Limits.Idle)
	if err != nil {
		return unknown(err)
	}
	if len(idle) == 0 {
		return ok("No transaction stands open idly.")
	}
	s := idle[0]
	return warning(fmt.Sprintf("%d transactions stand open idly, the oldest for %s (process %d, %q): events wait and tables grow meanwhile.", len(idle), s.For.Round(time.Second), s.PID, s.Program),
		fmt.Sprintf("End them where they were begun, or SELECT pg_terminate_backend(%d).", s.PID))
}

func (e *examination) locks(ctx context.Context) Finding {
	blocked, err := e.db.Blocked(ctx, e.Limits.Lock)
	if err != nil {
		return unknown(err)
	}
	if len(blocked) == 0 {
		return ok("Nobody waits long for a lock.")
	}
	s := blocked[0]
	return warning(fmt.Sprintf("%d statements wait for locks, the longest for %s (process %d waits for %v).", len(blocked), s.For.Round(time.Second), s.PID, s.BlockedBy),
		"See what the processes waited for do (pg_stat_activity) and end them if nobody needs it.")
}

const isWorker = "See whether a server with the role worker runs (PARLEY_ROLES), and its log."

func (e *examination) jobs(ctx context.Context) Finding {
	j, err := e.db.Jobs(ctx, e.Limits.Waiting, e.Limits.Running, e.Limits.DiscardedLookBack)
	if err != nil {
		return unknown(err)
	}
	switch {
	case j.Waiting > 0:
		return problem(fmt.Sprintf("%d jobs have been due for more than %s, and nobody works them.", j.Waiting, e.Limits.Waiting), isWorker)
	case j.Stuck > 0:
		return warning(fmt.Sprintf("%d jobs have been at work for more than %s.", j.Stuck, e.Limits.Running), "Those of a server that died are taken up by themselves; for others see the log.")
	case len(j.Discarded) > 0:
		var kinds []string
		for _, d := range j.Discarded {
			kinds = append(kinds, fmt.Sprintf("%d %s (%s)", d.Count, d.Kind, short(d.Error)))
		}
		return warning("Jobs were given up within the last week: "+strings.Join(kinds, ", ")+".", "Mend the reason; the log of the server has each attempt.")
	}
	return ok("No job is stuck, and none was given up.")
}

// short keeps a text that is only a hint on its line.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return text
}

func (e *examination) settler(ctx context.Context) Finding {
	age, batches, err := e.db.Unposted(ctx)
	if err != nil {
		return unknown(err)
	}
	if batches > 0 && age > e.Limits.Settler {
		return problem(fmt.Sprintf("%d batches of charges are not in the books, the oldest for %s. Balances are right; statements and resellers' books lag.", batches, age.Round(time.Second)), isWorker)
	}
	return ok("All charges are in the books, or will be in a moment.")
}

func (e *examination) events(ctx context.Context) Finding {
	subscribers, err := e.db.Subscribers(ctx)
	if err != nil {
		return unknown(err)
	}
	for _, s := range subscribers {
		if s.Failures > 0 {
			return problem(fmt.Sprintf("%s cannot handle an event and has tried %d times: %s.", s.Name, s.Failures, short(s.Error)), "It goes on trying. Mend the reason, or report it as a bug with the log.")
		}
		if s.Behind > e.Limits.Events {
			return problem(fmt.Sprintf("%s is %s behind with events.", s.Name, s.Behind.Round(time.Second)), isWorker+" A transaction that stands open holds events back, too.")
		}
	}
	return ok(fmt.Sprintf("%d subscribers have read what there is.", len(subscribers)))
}

func (e *examination) letters(ctx context.Context) Finding {
	l, err := e.db.Letters(ctx, e.Limits.FailedLettersSince, e.Limits.Letters)
	if err != nil {
		return unknown(err)
	}
	switch {
	case l.Waiting > 0:
		return problem(fmt.Sprintf("%d letters have waited for more than %s.", l.Waiting, e.Limits.Letters), "See the finding about the mail server. "+isWorker)
	case l.Failed > 0:
		return warning(fmt.Sprintf("%d letters of the last day were not taken, the last because: %s.", l.Failed, short(l.Reason)), "See the reason; a wrong address is its owner's to correct.")
	}
	return ok("No letter waits long, and none of the last day has failed.")
}

// books recomputes all money, which takes as long as it takes.
func (e *examination) books(ctx context.Context) {
	e.tell(e.judgeBooks(ctx))
}

func (e *examination) judgeBooks(ctx context.Context) Finding {
	d, err := db.Open(ctx, e.Database, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	if err != nil {
		return unknown(err)
	}
	defer d.Close()
	first := ""
	n, err := audit.Run(ctx, d, func(difference audit.Difference) {
		if first == "" {
			first = difference.String()
		}
	})
	f := ok(fmt.Sprintf("The books add up in %d comparisons.", len(audit.Checks())))
	switch {
	case err != nil:
		f = unknown(err)
	case n > 0:
		e.healthy = false
		f = problem(fmt.Sprintf("The books do not add up: %d differences, the first: %s.", n, first), "Run parley audit for all of them and report it as a bug.")
	}
	f.Check = "books"
	return f
}
