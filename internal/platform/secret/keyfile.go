package secret

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const keySize = 32

// Key is one line of the key file.
type Key struct {
	ID     uint32
	Secret [keySize]byte
}

// NewKey returns a random key with a number.
func NewKey(id uint32) Key {
	k := Key{ID: id}
	_, _ = rand.Read(k.Secret[:]) // never fails since Go 1.24
	return k
}

// Load reads the key file at path, or makes one with a first key when there is none.
func Load(path string) (*Box, error) {
	keys, err := readKeys(path)
	if errors.Is(err, os.ErrNotExist) {
		keys, err = createKeys(path)
	}
	if err != nil {
		return nil, err
	}
	return New(keys...)
}

// Read is Load that makes no file: without one the error is os.ErrNotExist.
func Read(path string) (*Box, error) {
	keys, err := readKeys(path)
	if err != nil {
		return nil, err
	}
	return New(keys...)
}

// Rotate puts a new key on top of the file, which running programs use after a restart, and
// returns its number.
func Rotate(path string) (uint32, error) {
	keys, err := readKeys(path)
	if err != nil {
		return 0, err
	}
	newest := uint32(0)
	for _, k := range keys {
		newest = max(newest, k.ID)
	}
	keys = append([]Key{NewKey(newest + 1)}, keys...)
	if err := writeKeys(path, keys, os.Rename); err != nil {
		return 0, err
	}
	return newest + 1, nil
}

// createKeys makes the file. When another process is quicker its keys are the ones.
func createKeys(path string) ([]Key, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make key folder: %w", err)
	}
	err := writeKeys(path, []Key{NewKey(1)}, os.Link)
	if err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return readKeys(path)
}

// writeKeys writes beside path and puts the file in place when it is complete on disk,
// because a damaged key file costs every sealed value.
func writeKeys(path string, keys []Key, put func(from, to string) error) error {
	var text bytes.Buffer
	for _, k := range keys {
		fmt.Fprintf(&text, "%d %s\n", k.ID, base64.StdEncoding.EncodeToString(k.Secret[:]))
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".keys-") // 0600
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // gone already after a rename
	_, err = draft.Write(text.Bytes())
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err := put(draft.Name(), path); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}

func readKeys(path string) ([]Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the key file %s can be read by others; run chmod 600 on it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	var keys []Key
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := parseKey(line)
		if err != nil {
			return nil, fmt.Errorf("read key file %s, line %d: %w", path, len(keys)+1, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("the key file %s is empty", path)
	}
	return keys, nil
}

func parseKey(line string) (Key, error) {
	number, encoded, _ := strings.Cut(line, " ")
	id, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return Key{}, errors.New("it does not start with a key number")
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || len(secret) != keySize {
		return Key{}, fmt.Errorf("key %d is not base64 of %d bytes", id, keySize)
	}
	k := Key{ID: uint32(id)}
	copy(k.Secret[:], secret)
	return k, nil
}
