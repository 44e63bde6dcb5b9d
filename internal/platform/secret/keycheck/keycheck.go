// Package keycheck notices a key file that is not the database's.
//
// Every key that has ever sealed for a database leaves a sealed word there. A
// lost file is made anew by whoever starts next, and a wrong one looks like any
// other: without the word nobody would know before a credential is needed, and
// by then others are sealed with the wrong key.
package keycheck

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/platform/db"
	"parley/internal/platform/secret"
)

// ErrOtherKeys says that none of the keys has sealed for this database.
var ErrOtherKeys = errors.New("what is sealed in the database was sealed with other keys")

const word = "parley"

func place(fingerprint string) secret.Place {
	return secret.Place{Table: "key_check", Row: fingerprint}
}

// Verify returns nil when a key of the box has sealed for the database or
// nothing has been sealed yet, else ErrOtherKeys.
func Verify(ctx context.Context, q db.DBTX, b *secret.Box) error {
	words, err := read(ctx, q)
	if err != nil || len(words) == 0 {
		return err
	}
	for fingerprint, sealed := range words {
		if plain, err := b.Open(sealed, place(fingerprint)); err == nil && string(plain) == word {
			return nil
		}
	}
	return ErrOtherKeys
}

// Note is Verify that leaves the word of the newest key.
func Note(ctx context.Context, d *db.DB, b *secret.Box) error {
	if err := Verify(ctx, d.Worker(), b); err != nil {
		return err
	}
	return leave(ctx, d.Worker(), b)
}

// Accept forgets all other keys: what they sealed is lost.
func Accept(ctx context.Context, d *db.DB, b *secret.Box) error {
	return d.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM key_check"); err != nil {
			return fmt.Errorf("forget keys: %w", err)
		}
		return leave(ctx, tx, b)
	})
}

func read(ctx context.Context, q db.DBTX) (map[string][]byte, error) {
	rows, err := q.Query(ctx, "SELECT fingerprint, sealed FROM key_check")
	if err != nil {
		return nil, fmt.Errorf("read words of keys: %w", err)
	}
	defer rows.Close()
	words := map[string][]byte{}
	for rows.Next() {
		var fingerprint string
		var sealed []byte
		if err := rows.Scan(&fingerprint, &sealed); err != nil {
			return nil, fmt.Errorf("read words of keys: %w", err)
		}
		words[fingerprint] = sealed
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read words of keys: %w", err)
	}
	return words, nil
}

func leave(ctx context.Context, q db.DBTX, b *secret.Box) error {
	newest := b.Fingerprints()[0]
	sealed, err := b.Seal([]byte(word), place(newest))
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, "INSERT INTO key_check (fingerprint, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING", newest, sealed)
	if err != nil {
		return fmt.Errorf("leave a word of the key: %w", err)
	}
	return nil
}
