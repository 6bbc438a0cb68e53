package store

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
)

// The engine as a library (libchdb 26.7) ends, whole, when a client fails to sign in or
// asks for a database that does not exist: what is thrown then meets an error handler
// that terminates. So the relay reads the first packet of a client itself, and lets
// through who gives the password of one of our users for a database that exists. Nobody
// else reaches the engine, its own session's user without a password least of all.

// hello is the first packet of a client of the native protocol.
type hello struct {
	revision                 uint64
	database, user, password string
}

// packetReader is what packets are read from.
type packetReader interface {
	io.Reader
	io.ByteReader
}

// maxHelloText bounds each text of the packet.
const maxHelloText = 1 << 10

var errNoHello = errors.New("not the native protocol of ClickHouse")

// readHello reads the packet: its kind 0, the client's name, three numbers of its
// version, database, user, password.
func readHello(r packetReader) (h hello, err error) {
	kind, err := r.ReadByte()
	if err != nil {
		return h, err
	}
	if kind != 0 {
		return h, errNoHello
	}
	var name string
	var version uint64
	return h, inOrder(text(r, &name), number(r, &version), number(r, &version), number(r, &h.revision),
		text(r, &h.database), text(r, &h.user), text(r, &h.password))
}

func inOrder(reads ...func() error) error {
	for _, read := range reads {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

func number(r packetReader, to *uint64) func() error {
	return func() (err error) {
		*to, err = binary.ReadUvarint(r)
		return err
	}
}

func text(r packetReader, to *string) func() error {
	return func() error {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return err
		}
		if n > maxHelloText {
			return errNoHello
		}
		b := make([]byte, n)
		_, err = io.ReadFull(r, b)
		*to = string(b)
		return err
	}
}

// door decides who may speak to the engine.
type door struct {
	// Users maps a user to the SHA-256 of the password, in hexadecimal.
	users map[string]string
	// data is the folder of the engine's data, where its databases are.
	data string
}

// check returns what the client is told instead, with the code of ClickHouse for it.
func (d *door) check(h hello) (code int32, message string) {
	want, known := d.users[h.user]
	if !known {
		want = d.users[ownerUser] // takes as long as for one that exists
	}
	same := subtle.ConstantTimeCompare([]byte(hashPassword(h.password)), []byte(want)) == 1
	if !known || !same {
		return 516, "Authentication failed: password is incorrect, or there is no user with such name"
	}
	if h.database == "" || slices.Contains([]string{"default", "system", "information_schema", "INFORMATION_SCHEMA"}, h.database) {
		return 0, ""
	}
	if _, err := os.Stat(filepath.Join(d.data, "metadata", url.PathEscape(h.database)+".sql")); err != nil {
		return unknownDatabase, fmt.Sprintf("Database %s does not exist", h.database)
	}
	return 0, ""
}

// unknownDatabase is ClickHouse's code for a database that does not exist.
const unknownDatabase = 81

// refusal is the packet that tells a client of an exception.
func refusal(code int32, message string) []byte {
	b := []byte{2}
	b = binary.LittleEndian.AppendUint32(b, uint32(code))
	for _, s := range []string{"DB::Exception", "DB::Exception: " + message, ""} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return append(b, 0) // no exception inside
}

// hashPassword is how the passwords are told to the engine and to the child.
func hashPassword(p string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(p)))
}
